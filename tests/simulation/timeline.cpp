#include "timeline.hpp"

#include <algorithm>

namespace penholder::simulation {
namespace {

timeline* running_timeline = nullptr;
constexpr std::int64_t million = 1'000'000;

}  // namespace

timeline& present() noexcept {
    return *running_timeline;
}

void set_present(timeline* now) noexcept {
    running_timeline = now;
}

void timeline::at(time_point when, location where, task what) {
    if (closing_ || !alive(where)) return;
    push({std::max(when, now_), ++orders_, where, std::move(what)});
}

void timeline::push(event what) {
    events_.push_back(std::move(what));
    std::ranges::push_heap(events_, later);
}

bool timeline::step(time_point end) {
    if (events_.empty() || events_.front().at > end) return false;
    std::ranges::pop_heap(events_, later);
    auto next = std::move(events_.back());
    events_.pop_back();
    now_ = next.at;
    if (!alive(next.where)) return true;
    const int place = next.where.place;
    if (place != 0 && (paused(place) || (interference && interference(place)))) {
        next.at = paused_until(place);
        push(std::move(next));
        return true;
    }
    here_ = next.where;
    next.what();
    here_ = {};
    return true;
}

location timeline::begin_life(int place) {
    machine(place).paused_until = now_;
    return {place, ++machine(place).life};
}

void timeline::set_clock(int place, duration offset, int drift_ppm) {
    machine(place).offset = offset;
    machine(place).drift_ppm = drift_ppm;
}

time_point timeline::local(int place) const noexcept {
    const auto& its = machine(place);
    const auto passed = now_ - start_;
    return now_ + its.offset + passed * its.drift_ppm / million;
}

time_point timeline::to_world(time_point local) const noexcept {
    const auto& its = machine(here_.place);
    const auto left = local - local_now();
    if (left <= duration{}) return now_;
    constexpr std::chrono::nanoseconds rounding{2};  // A timer never fires early.
    return now_ + left - left * its.drift_ppm / (million + its.drift_ppm) + rounding;
}

}  // namespace penholder::simulation
