#include "lane.hpp"

#include "lane_core.hpp"

namespace penholder::postgres {

lane::lane(std::shared_ptr<lane_core> core) : core_(std::move(core)) {}

lane::~lane() {
    if (core_) core_->close();
}

lane::lane(lane&&) noexcept = default;

lane& lane::operator=(lane&& other) noexcept {
    if (core_ && core_ != other.core_) core_->close();
    core_ = std::move(other.core_);
    return *this;
}

void lane::submit(lane_write what) {
    core_->submit(std::move(what));
}

void lane::drain(std::function<void()> done) {
    core_->drain(std::move(done));
}

void lane::close() {
    core_->close();
}

penholder::term lane::term() const noexcept {
    return core_->term();
}

lane_state lane::state() const noexcept {
    return core_->state();
}

std::size_t lane::queued() const noexcept {
    return core_->queued();
}

std::size_t lane::in_flight() const noexcept {
    return core_->in_flight();
}

std::chrono::milliseconds lane::expected_wait() const noexcept {
    return core_->expected_wait();
}

const lane_counters& lane::counters() const noexcept {
    return core_->counters();
}

}  // namespace penholder::postgres
