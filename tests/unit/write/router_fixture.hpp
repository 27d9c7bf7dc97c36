#pragma once

#include "write/router.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace penholder::testing {

using namespace std::chrono_literals;

/// A router on a table: time stands still until a test moves it.
class bench {
public:
    explicit bench(router_options settings = defaults()) : settings_(settings), routed(settings, now) {}

    static router_options defaults() {
        router_options settings;
        settings.node = "n1";
        settings.origin = "n1.00000000000000aa";
        return settings;
    }

    actions submit(std::string id = "", std::chrono::milliseconds within = 1000ms) {
        write what(std::move(id));
        what.add("UPDATE t SET v = v + 1");
        what.deadline(within);
        return routed.submit(ticket{++last_ticket}, std::move(what), now);
    }

    actions follow(std::uint64_t its_term = 5, std::size_t window = 100) {
        routed.leader_there(term{its_term}, "n2", "127.0.0.1:2", now);
        return routed.link_up(term{its_term}, window, now);
    }

    actions reply(std::uint64_t which, write_answer with) {
        return routed.answered(ticket{which}, std::move(with), now);
    }

    actions pass(std::chrono::milliseconds time) {
        now += time;
        return routed.expire(now);
    }

    static write_answer committed() {
        receipt done;
        done.outcome = outcome::committed;
        done.term = 5;
        return decided(done);
    }
    static write_answer doubtful() { return {write_verdict::in_doubt, {}, errc::outcome_unknown, "lost", {}}; }
    static write_answer busy() { return {write_verdict::in_flight, {}, errc::in_flight, "being applied", {}}; }

    router_options settings_;
    std::chrono::steady_clock::time_point now{1h};
    router routed;
    std::uint64_t last_ticket = 0;
};

/// "apply 1", "forward 2 again", "answer 3 rejected overloaded", "hint 7 n3": what a transcript shows.
inline std::string text(const action& what) {
    if (const auto* one = std::get_if<apply>(&what)) {
        return "apply " + std::to_string(one->attempt.ticket.value) + (one->attempt.again ? " again" : "");
    }
    if (const auto* one = std::get_if<forward>(&what)) {
        return "forward " + std::to_string(one->attempt.ticket.value) + (one->attempt.again ? " again" : "");
    }
    if (const auto* one = std::get_if<answer_caller>(&what)) {
        const auto& done = one->receipt;
        return "answer " + std::to_string(one->ticket.value) + " " + std::string(to_string(done.outcome)) +
               (done.why ? " " + std::string(to_string(done.why->code)) : "");
    }
    const auto& hint = std::get<follow_hint>(what).hint;
    return "hint " + std::to_string(hint.term.value) + " " + hint.node;
}

inline std::string text(const actions& all) {
    std::string joined;
    for (const auto& one : all) joined += (joined.empty() ? "" : "; ") + text(one);
    return joined;
}

inline const receipt& answer_in(const actions& all) {
    return std::get<answer_caller>(all.back()).receipt;
}

}  // namespace penholder::testing
