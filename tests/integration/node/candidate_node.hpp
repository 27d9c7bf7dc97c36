#pragma once

#include "group/event_queue.hpp"
#include "group/group_machine.hpp"
#include "integration/zookeeper/session_rig.hpp"
#include "node/answer.hpp"
#include "node/ensemble_shell.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::testing {

/// How a node of a test takes part.
struct taking_part {
    std::string group = "orders";
    int priority = 0;
    bool observer = false;
    bool raise_fence = true;  ///< False: whatever the node is elected to, its fence is not raised.
};

/// A node's part in one group: the machine, the node's own ensemble_shell over a real session, and a database that is
/// always there, raises fences and drains lanes at once. Links are not made.
class candidate_node {
public:
    candidate_node(zookeeper::session& session, const std::string& name, taking_part how = {})
        : how_(std::move(how)),
          machine_(options_of(name), clock().steady),
          timer_(session.get_executor()),
          executor_(session.get_executor()),
          ensemble_(std::make_shared<ensemble_shell>(
              std::shared_ptr<zookeeper::session>(std::shared_ptr<void>(), &session), "/penholder", how_.group, name,
              ensemble_shell::handlers{[this](group::any_event what) { on(std::move(what)); },
                                       [this](const std::vector<member>& present) { members = present; }})) {
        ensemble_->join();
        on(group::event::start{});
    }
    ~candidate_node() {
        ensemble_->leave();
        *alive_ = false;
    }
    candidate_node(const candidate_node&) = delete;
    candidate_node& operator=(const candidate_node&) = delete;

    candidate_node* operator->() { return this; }

    void stop(std::function<void()> done) {
        on_stopped_ = std::move(done);
        on(group::event::stop{});
    }
    void handover(std::string heir, std::chrono::milliseconds within, answer<leadership> done) {
        waits_.emplace(++tickets_, std::move(done));
        on(group::event::handover{{tickets_}, std::move(heir), within});
    }
    void resign(std::chrono::milliseconds within, answer<leadership> done) {
        waits_.emplace(++tickets_, std::move(done));
        on(group::event::resign{{tickets_}, within});
    }
    void pause(bool paused, answer<> done) { ensemble_->pause(paused, std::move(done)); }
    void history(answer<std::vector<term_record>> done) { ensemble_->history(std::move(done)); }

    const leadership& now() const { return machine_.current(); }
    bool paused() const { return machine_.status().paused; }
    std::string leader_since() const { return machine_.status().leader_since; }
    std::optional<error> trouble() const { return machine_.trouble(); }
    bool serves() const { return now().role == role::serving; }
    bool follows(const std::string& leader) const {
        return now().role == role::follower && now().leader == leader && now().leader_serving;
    }

    std::vector<leadership> told;        ///< Every change, in order.
    std::vector<std::uint64_t> drained;  ///< Terms that were drained before they were given up.
    std::vector<member> members;

private:
    static group::instant clock() { return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()}; }

    group::machine_options options_of(const std::string& name) const {
        group::machine_options options;
        options.life = incarnation::random();
        options.self.node = name;
        options.self.incarnation = options.life.text();
        options.self.endpoint = name + ":7431";
        options.self.role_wanted = how_.observer ? "observer" : "candidate";
        options.self.version = "test";
        options.self.started_at = "now";
        options.group.name = how_.group;
        options.group.database = "played";
        options.group.priority = how_.priority;
        options.group.observer = how_.observer;
        options.group.takeover_max_evictions = 0;
        return options;
    }

    /// What the played database and the lost links say comes in a turn of its own.
    void on_soon(group::any_event what) {
        boost::asio::post(executor_, [this, alive = std::weak_ptr(alive_), what = std::move(what)] {
            if (!alive.expired()) on(what);
        });
    }

    void on(group::any_event what) {
        events_.drive(std::move(what), [this](group::any_event next) {
            for (auto& each : machine_.on(std::move(next), clock())) {
                // What concerns links and writes is nobody's here.
                std::visit(
                    [this](auto& one) {
                        if constexpr (requires { carry_out(one); }) carry_out(one);
                    },
                    each);
            }
        });
        arm();
    }

    void arm() {
        const auto wanted = machine_.next_deadline();
        if (!wanted) return;
        timer_.expires_at(*wanted);
        timer_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cut) {
            if (!cut && !alive.expired()) on(group::event::time_passed{});
        });
    }

    void carry_out(const group::action::prepare_to_lead&) {}
    void carry_out(const group::action::probe&) { on_soon(group::event::database_probed{fence_record{}}); }
    void carry_out(const group::action::raise_fence& what) {
        const result<fence_answer> refused = error{errc::database_unreachable, "no route to the database"};
        const fence_record raised{how_.group, what.term, {}, {}, {}};
        on_soon(group::event::fence_answered{what.term, how_.raise_fence ? fence_answer{raised, true} : refused});
    }
    void carry_out(const group::action::open_lane& what) {
        terms_[what.lane] = what.term.value;
        on_soon(group::event::lane_opened{what.lane});
    }
    void carry_out(const group::action::drain_lane& what) {
        if (machine_.current().is_leader()) drained.push_back(terms_.at(what.lane));
        on_soon(group::event::lane_drained{what.lane});
    }
    void carry_out(const group::action::answer_handover& what) {
        if (auto waiting = waits_.extract(what.to.value)) waiting.mapped()(what.what);
    }
    void carry_out(const group::action::report& what) { told.push_back(what.now); }
    void carry_out(const group::action::stopped&) {
        if (on_stopped_) boost::asio::post(executor_, std::exchange(on_stopped_, nullptr));
    }
    template <class Action>
    requires group::carries_out<ensemble_shell, Action>
    void carry_out(Action& what) { ensemble_->carry_out(what); }

    taking_part how_;
    group::group_machine machine_;
    group::event_queue<group::any_event> events_;
    boost::asio::steady_timer timer_;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::shared_ptr<ensemble_shell> ensemble_;
    std::map<group::lane_id, std::uint64_t> terms_;
    std::map<std::uint64_t, answer<leadership>> waits_;
    std::uint64_t tickets_ = 0;
    std::function<void()> on_stopped_;
};

/// A node with a session of its own.
struct lone_node {
    std::unique_ptr<zookeeper::session> session;
    candidate_node node;

    lone_node(rig& here, const std::string& hosts, const std::string& name, taking_part how = {}, int timeout_ms = 1000)
        : session(here.connect(here.options(hosts, timeout_ms))), node(*session, name, std::move(how)) {}
};

}  // namespace penholder::testing
