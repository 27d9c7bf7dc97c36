#pragma once

#include "election/elector.hpp"
#include "election/paths.hpp"

#include <optional>
#include <string>
#include <variant>

namespace penholder::election {

/// Another node's session.
inline constexpr std::int64_t theirs = 0x20;

inline group_snapshot full(group_snapshot seen) {
    seen.scope = scope::full;
    return seen;
}

/// Drives one elector by hand: remembers its open question and answers it as the test likes.
struct driver {
    static constexpr std::int64_t session = 0x10;

    election::elector elector;
    any_action question;
    ticket asked = 0;
    actions last;

    explicit driver(bool observer = false, bool eligible = true) : elector(options(observer, eligible)) {}

    static elector_options options(bool observer, bool eligible) {
        elector_options made;
        made.group = "orders";
        made.node = "a";
        made.incarnation = "1";
        made.endpoint = "a:1";
        made.observer = observer;
        made.eligible = eligible;
        return made;
    }

    const actions& on(const any_event& what) {
        last = elector.on(what);
        for (const auto& each : last) {
            std::visit(
                [&](const auto& action) {
                    using type = std::decay_t<decltype(action)>;
                    if constexpr (requires { action.ticket; } && !std::is_same_v<type, action::arm>) {
                        question = action;
                        asked = action.ticket;
                    }
                },
                each);
        }
        return last;
    }
    const actions& answer(ensemble_reply reply) { return on(event::answered{asked, reply, "why"}); }
    const actions& show(group_snapshot seen) {
        const auto* read = std::get_if<action::read>(&question);
        seen.scope = read != nullptr ? read->scope : scope::partial;
        return on(event::snapshot_read{asked, std::move(seen)});
    }

    template <class Action>
    const Action* find() const {
        for (const auto& each : last) {
            if (const auto* found = std::get_if<Action>(&each)) return found;
        }
        return nullptr;
    }
    template <class Action>
    bool asks() const {
        return find<Action>() != nullptr;
    }

    static std::string own_candidate() { return candidate_prefix(session) + "0000000007"; }
    static group_snapshot empty_group() { return {}; }
    static group_snapshot enrolled() {
        group_snapshot seen;
        seen.self = member_seen{session, "1"};
        seen.candidates.push_back({own_candidate(), {"a", 0, true}, 0});
        return seen;
    }
    static group_snapshot led_by(const std::string& node, std::int64_t owner, std::uint64_t number) {
        auto seen = enrolled();
        seen.leader = leader_seen{leader_record{node, "9", node + ":1", {number}, phase::serving, "since"}, owner, 1};
        seen.terms = {{number, node, "since", "election"}};
        return seen;
    }

    void connect() { on(event::session_up{1, session}); }
    void follow() {
        connect();
        show(led_by("b", 0x20, 4));
    }
    void elect() {
        connect();
        show(enrolled());
        answer(election::ensemble_reply::done);
    }
    void serve() {
        elect();
        on(event::fence_raised{{1}});
        answer(election::ensemble_reply::done);
    }
};

}  // namespace penholder::election
