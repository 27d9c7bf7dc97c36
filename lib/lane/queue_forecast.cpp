#include "queue_forecast.hpp"

#include <algorithm>

namespace penholder::lane {

void queue_forecast::took(std::size_t writes, duration spent) {
    if (writes == 0) return;
    samples_.push_back({static_cast<double>(writes), spent.count()});
    if (samples_.size() > batches_remembered) samples_.pop_front();
}

queue_forecast::duration queue_forecast::wait(std::size_t writes) const {
    if (samples_.empty()) return duration::zero();
    const auto each = fit();
    const auto batches = (writes + batch_max_writes_ - 1) / batch_max_writes_;
    return duration(each.batch_ms * static_cast<double>(batches) + each.write_ms * static_cast<double>(writes));
}

/// One batch that stood still for a moment is no measure of those to come: the slowest is left out.
queue_forecast::cost queue_forecast::fit() const {
    auto counted = samples_;
    if (counted.size() >= enough_to_leave_one_out)
        counted.erase(std::ranges::max_element(counted, {}, &sample::spent_ms));
    const auto count = static_cast<double>(counted.size());
    double writes = 0;
    double spent = 0;
    double squares = 0;
    double products = 0;
    for (const auto& one : counted) {
        writes += one.writes;
        spent += one.spent_ms;
        squares += one.writes * one.writes;
        products += one.writes * one.spent_ms;
    }
    const double spread = count * squares - writes * writes;
    const double slope = spread > 0 ? (count * products - writes * spent) / spread : 0;
    if (slope <= 0) return {spent / count, 0};
    const double fixed = (spent - slope * writes) / count;
    if (fixed < 0) return {0, products / squares};
    return {fixed, slope};
}

}  // namespace penholder::lane
