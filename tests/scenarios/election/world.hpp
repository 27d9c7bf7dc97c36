#pragma once

#include "election/elector.hpp"
#include "ensemble_model.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace penholder::scenario {

/// How a node takes part.
struct participation {
    int priority = 0;
    bool observer = false;
    bool eligible = true;
    std::size_t most_evictions = 5;
    bool has_database = false;  ///< It will say which one.
};

/// Several electors, one ensemble, one database, and a host for each that raises fences and drains at once unless told
/// otherwise.
/// Every action is written down. Steps are taken one at a time, so tests can put faults between any two.
class world {
public:
    void add(const std::string& name, const participation& how = {});
    void connect(const std::string& name);
    void suspend(const std::string& name);
    void expire(const std::string& name);        ///< The ensemble ends the session, and the node hears of it.
    void end_silently(const std::string& name);  ///< The ensemble ends the session; the node hears nothing.
    bool ended(const std::string& name) { return at(name).ended; }  ///< Silently, and nobody has told the node.
    void kill(const std::string& name);                             ///< The process is gone and its session has ended.
    void die(const std::string& name);             ///< The process is gone; the ensemble does not know yet.
    void end_session_of(const std::string& dead);  ///< Now it does.
    /// The link of `name` proves the present leader dead, in the incarnation that `leader` shows or, for a stale
    /// link, another.
    void bring_process_death(const std::string& name, const std::string& incarnation = {});
    void tell(const std::string& name, const election::any_event& what);
    void fire(const std::string& name, election::timer which);

    void hold_host(const std::string& name) { at(name).host_answers = false; }
    void fail_fence(const std::string& name, std::optional<term> seen);
    void answer_host(const std::string& name);
    /// The next question that changes something is carried out, then the connection goes.
    void lose_next_reply(const std::string& name) { at(name).lose_reply = true; }

    void forget_faults(const std::string& name) { at(name).lose_reply = at(name).fence_fails = false; }

    bool step(const std::string& name);       ///< One question, watch or host's answer; false when there is none.
    void settle();                            ///< Steps until everybody is quiet.
    void pass_time(const std::string& name);  ///< Fires whatever timer is armed.

    ensemble_model& ensemble() { return ensemble_; }
    const leadership& seen_by(const std::string& name) { return at(name).elector->current(); }
    /// What each node has asked the ensemble since this was last called: all questions, and among them the full reads,
    /// which read every candidate, and the attempts to become leader.
    struct effort {
        std::size_t questions = 0;
        std::size_t full_reads = 0;
        std::size_t contests = 0;
    };
    std::map<std::string, effort> take_efforts() { return std::exchange(efforts_, {}); }

    std::vector<std::string> names() const;
    std::vector<std::string> serving() const;
    std::string take_log();
    std::string summary() const;

private:
    struct contestant {
        std::string name;
        participation how;
        std::unique_ptr<election::elector> elector;
        std::string incarnation;
        std::int64_t session = 0;
        std::uint64_t generation = 0;
        bool connected = false;
        bool ended = false;
        bool host_answers = true;
        bool lose_reply = false;
        bool fence_fails = false;
        std::optional<term> fence_seen;
        std::optional<election::any_action> question;
        std::deque<election::any_event> events;   ///< Watches that fired.
        std::deque<election::any_event> answers;  ///< The host's.
        std::map<election::timer, election::ticket> timers;
    };

    contestant& at(const std::string& name) { return contestants_.at(name); }
    void deliver(contestant& who, const election::any_event& what);
    void take(contestant& who, const election::any_action& action);
    election::any_event raise_fence(contestant& who, term wanted);
    void spread();
    void write(const std::string& name, const std::string& what);

    ensemble_model ensemble_;
    std::map<std::string, contestant> contestants_;
    std::map<std::string, std::int64_t> dead_;  ///< Their sessions.
    std::int64_t sessions_ = 0;
    term fence_;
    std::string log_;
    std::map<std::string, effort> efforts_;
};

/// One action in a line, as transcripts show it; empty for those that say nothing to a reader.
std::string render(const election::any_action& action);

}  // namespace penholder::scenario
