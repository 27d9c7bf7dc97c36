#include "relay_tally.hpp"

#include "base/log_event.hpp"

#include <algorithm>
#include <utility>

namespace penholder::zookeeper {
namespace {

constexpr std::chrono::seconds relay_memory{30};

}  // namespace

void relay_tally::connected() {
    const std::lock_guard held(lock_);
    ++now_.connections;
    now_.trouble.clear();
    told_.clear();
    is_refused_ = false;
}

void relay_tally::refused(const relay_refusal& what) {
    const std::lock_guard held(lock_);
    const auto reason = to_string(what.why);
    auto at = std::ranges::lower_bound(now_.refusals, reason, {}, &refusal_count::reason);
    if (at == now_.refusals.end() || at->reason != reason) at = now_.refusals.insert(at, {std::string(reason), 0});
    ++at->connections;
    if (what.why == relay_refusal::cause::other_process) {
        if (at->connections > 1) return;
        log_warn("ensemble_relay_refused").with("server", now_.server).with("reason", what.message);
        return;
    }
    const bool is_repeated = now_.trouble == what.message;
    now_.trouble = what.message;
    is_refused_ = what.is_of_tls();
    const bool is_told = is_refused_ && (is_repeated || !what.may_pass());
    if (!is_told || std::exchange(told_, what.message) == what.message) return;
    log_warn("ensemble_server_refused").with("server", now_.server).with("cause", reason).with("reason", what.message);
}

void relay_tally::sent(std::size_t bytes) {
    const std::lock_guard held(lock_);
    now_.bytes_sent += bytes;
}

void relay_tally::received(std::size_t bytes) {
    const std::lock_guard held(lock_);
    now_.bytes_received += bytes;
}

void relay_tally::hung_up() {
    const std::lock_guard held(lock_);
    hung_up_ = clock::now();
}

ensemble_server_status relay_tally::now() const {
    const std::lock_guard held(lock_);
    return now_;
}

std::optional<std::string> relay_tally::refusal() const {
    const std::lock_guard held(lock_);
    if (!is_refused_) return std::nullopt;
    return "server " + now_.server + ": " + now_.trouble;
}

bool relay_tally::was_hung_up_on() const {
    const std::lock_guard held(lock_);
    return hung_up_ != clock::time_point{} && clock::now() - hung_up_ < relay_memory;
}

}  // namespace penholder::zookeeper
