#include "lane_connection.hpp"

#include "lane_core.hpp"

namespace penholder::postgres {

lane_connection::lane_connection(std::shared_ptr<lane_core> core) : core_(std::move(core)) {}

lane_connection::~lane_connection() {
    if (core_) core_->close();
}

lane_connection::lane_connection(lane_connection&&) noexcept = default;

lane_connection& lane_connection::operator=(lane_connection&& other) noexcept {
    if (core_ && core_ != other.core_) core_->close();
    core_ = std::move(other.core_);
    return *this;
}

void lane_connection::submit(lane::lane_write what) {
    core_->submit(std::move(what));
}

void lane_connection::drain(std::function<void()> done) {
    core_->drain(std::move(done));
}

void lane_connection::close() {
    core_->close();
}

penholder::term lane_connection::term() const noexcept {
    return core_->term();
}

lane::lane_state lane_connection::state() const noexcept {
    return core_->state();
}

bool lane_connection::holds(const std::string& id) const {
    return core_->holds(id);
}

std::size_t lane_connection::queued() const noexcept {
    return core_->queued();
}

std::size_t lane_connection::in_flight() const noexcept {
    return core_->in_flight();
}

std::chrono::milliseconds lane_connection::expected_wait() const noexcept {
    return core_->expected_wait();
}

const lane::lane_counters& lane_connection::counters() const noexcept {
    return core_->counters();
}

std::vector<lock_wait> lane_connection::lock_waits() const {
    return core_->lock_waits();
}

std::optional<std::string> lane_connection::outage() const {
    return core_->outage();
}

const std::string& lane_connection::sweep_trouble() const noexcept {
    return core_->sweep_trouble();
}

}  // namespace penholder::postgres
