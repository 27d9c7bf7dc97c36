#include "inquiry.hpp"

#include <cassert>

namespace penholder::election {

inquiry::inquiry(duration retry_first, duration retry_most, std::uint64_t seed)
    : retries_(retry_first, retry_most, seed) {}

void inquiry::begin() {
    assert(!is_open());
    state_ = state::open;
    ++last_;
}

std::optional<any_question> inquiry::close(ticket answered) {
    if (!is_open() || answered != last_) return std::nullopt;
    state_ = state::idle;
    return std::exchange(question_, {});
}

std::optional<inquiry::duration> inquiry::lost_race() {
    if (retries_.tries() > 0) return rest();
    retries_.next();
    return std::nullopt;
}

inquiry::duration inquiry::failed(error why) {
    trouble_ = std::move(why);
    return rest();
}

inquiry::duration inquiry::rest() {
    assert(!is_open());
    state_ = state::resting;
    return retries_.next();
}

void inquiry::wake() noexcept {
    if (state_ == state::resting) state_ = state::idle;
}

void inquiry::settled() noexcept {
    retries_.reset();
    trouble_.reset();
}

}  // namespace penholder::election
