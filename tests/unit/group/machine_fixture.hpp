#pragma once

#include "group/group_machine.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

using namespace std::chrono_literals;

/// A group's machine on a table: znodes in a map answer what it asks of the ensemble, all else is kept for the test to
/// look at and to answer as it likes. Time stands still until the test moves it.
class machine_fixture {
public:
    static constexpr std::int64_t session = 0x10;

    explicit machine_fixture(group::machine_options how = options()) : machine(std::move(how), now.steady) {
        on(group::event::start{});
    }

    static group::machine_options options() {
        group::machine_options made;
        made.self.node = "a";
        made.self.incarnation = "0000000000000001";
        made.self.endpoint = "a:1";
        made.self.role_wanted = "candidate";
        made.life = {1};
        made.group.name = "orders";
        made.group.database = "host=nowhere";
        return made;
    }

    void on(group::any_event what) {
        for (auto& each : machine.on(std::move(what), now)) {
            if (!answered(each)) out.push_back(std::move(each));
        }
        while (!questions.empty()) {
            const auto next = std::move(questions.front());
            questions.erase(questions.begin());
            on(next);
        }
    }
    void ensemble(election::any_event what) { on(group::event::ensemble{std::move(what)}); }

    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.wall += time;
        on(group::event::time_passed{});
    }

    /// Connects to the ensemble with a database that can be reached, and is elected.
    void become_elected() {
        on(group::event::database_probed{fence(0)});
        ensemble(election::event::session_up{1, session});
    }
    void become_leader(std::uint64_t number = 1) {
        become_elected();
        on(group::event::fence_answered{term{number}, group_answer(number)});
        on(group::event::lane_opened{{1}});
    }

    /// Somebody else leads and serves in its life 7, as the ensemble shows it.
    void place_leader(const std::string& node, std::uint64_t number) {
        const election::leader_record record{node,         incarnation{7}.text(),    node + ":1",
                                             term{number}, election::phase::serving, "2024-05-01T12:00:00.000Z"};
        write("/penholder/orders/leader", election::encode(record), 0x20);
    }
    /// So many others stand, and are to lead before this node.
    void place_candidates(int count) {
        for (int i = 0; i < count; ++i) {
            const auto name = election::candidate_prefix(0x100 + i, 1) + std::to_string(1'000'000'000 + i);
            others.push_back({name, {"other-" + std::to_string(i), 1, true}, 0});
        }
    }
    void show_leader(const std::string& node, std::uint64_t number) {
        place_leader(node, number);
        on(group::event::znode_changed{1, "/penholder/orders/leader"});
    }

    fence_record fence(std::uint64_t number) const { return {"orders", term{number}, "a", "a:1", {}}; }
    fence_answer group_answer(std::uint64_t number) const { return {fence(number), true}; }

    void submit(std::uint64_t from, const std::string& id) {
        penholder::write what(id);
        what.add("UPDATE t SET v = v + 1");
        on(group::event::submit{ticket{from}, std::move(what)});
    }

    /// The last action of that kind since `forget`; null where there was none.
    template <class Action>
    const Action* last() const {
        for (auto each = out.rbegin(); each != out.rend(); ++each) {
            if (const auto* found = std::get_if<Action>(&*each)) return found;
        }
        return nullptr;
    }
    void forget() { out.clear(); }
    bool logged(std::string_view event) const {
        for (const auto& each : out) {
            const auto* line = std::get_if<group::action::log>(&each);
            if (line != nullptr && line->event == event) return true;
        }
        return false;
    }

    group::instant now{group::time_point{} + 12h, std::chrono::system_clock::time_point{} + 12h};
    group::group_machine machine;
    group::actions out;

private:
    struct znode {
        std::string data;
        std::int64_t owner = 0;
        std::int32_t version = 0;
    };

    bool answered(const group::any_action& one) {
        if (const auto* read = std::get_if<group::action::read_group>(&one)) {
            questions.push_back(election::event::snapshot_read{read->ticket, snapshot(read->scope)});
        } else if (const auto* made = std::get_if<group::action::create_znodes>(&one)) {
            for (const auto& path : made->paths) znodes.try_emplace(path);
            reply(made->ticket);
        } else if (const auto* changed = std::get_if<group::action::change_znodes>(&one)) {
            for (const auto& step : changed->steps) change(step);
            reply(changed->ticket);
        } else if (const auto* watched = std::get_if<group::action::watch_znode>(&one)) {
            reply(watched->ticket);
        } else {
            return false;
        }
        return true;
    }
    void on(const election::any_event& what) { on(group::any_event(group::event::ensemble{what})); }
    void reply(election::ticket to) {
        questions.push_back(election::event::answered{to, election::ensemble_reply::done, {}});
    }

    void write(const std::string& path, std::string data, std::int64_t owner) {
        auto& one = znodes[path];
        one = {std::move(data), owner, one.version + 1};
    }

    void change(const group::znode_step& step) {
        using kind = group::znode_step::kind;
        auto path = step.path;
        if (step.how == group::znode_step::mode::ephemeral_sequential) path += "0000000003";
        if (step.what == kind::create) znodes[path] = {step.data, session, 0};
        if (step.what == kind::set) write(path, step.data, znodes[path].owner);
        if (step.what == kind::remove) znodes.erase(path);
    }

    election::group_snapshot snapshot(election::scope scope) {
        election::group_snapshot seen;
        seen.scope = scope;
        seen.group_exists = znodes.contains("/penholder/orders/terms");
        if (const auto found = znodes.find("/penholder/orders/leader"); found != znodes.end()) {
            seen.leader = election::leader_seen{*election::decode_leader("leader", found->second.data),
                                                found->second.owner, found->second.version};
        }
        const auto& control = znodes["/penholder/orders/control"];
        if (!control.data.empty()) seen.control = *election::decode_control("control", control.data);
        seen.control_version = control.version;
        if (scope == election::scope::partial) return seen;
        if (znodes.contains("/penholder/orders/members/a")) {
            seen.self = election::member_seen{session, "0000000000000001"};
        }
        const auto own = "/penholder/orders/candidates/0000000000000010-0000000003";
        if (const auto found = znodes.find(own); found != znodes.end()) {
            seen.candidates.push_back({"0000000000000010-0000000003",
                                       *election::decode_candidate("candidate", found->second.data),
                                       found->second.version});
        }
        seen.candidates.insert(seen.candidates.end(), others.begin(), others.end());
        const auto& terms = znodes["/penholder/orders/terms"];
        if (!terms.data.empty()) seen.terms = *election::decode_terms("terms", terms.data);
        seen.terms_version = terms.version;
        return seen;
    }

    std::map<std::string, znode> znodes;
    std::vector<election::candidate_seen> others;
    std::vector<election::any_event> questions;
};

}  // namespace penholder::testing
