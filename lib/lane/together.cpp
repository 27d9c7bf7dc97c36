#include "together.hpp"

#include "batch_commands.hpp"

namespace penholder::lane {
namespace {

constexpr std::size_t segment_writes = 16;
constexpr std::size_t most_savepoints = 60;

}  // namespace

void together::run(const batch_writes& all, std::size_t from, round_draft& into) {
    std::size_t pushed = 0;
    for (std::size_t index = from; index < all.size(); ++index) {
        if (!all.is_waiting(index)) continue;
        const bool is_first = pushed == 0;
        const bool begins_segment = pushed++ % segment_writes == 0;
        const bool is_there = is_first && !savepoints_.empty() && savepoints_.back() == from;
        const bool has_room = savepoints_.size() < most_savepoints;
        if (begins_segment && !is_there && has_room && (had_failures_ || expect_failures_)) {
            savepoints_.push_back(index);
            into.push(purpose::other, set_savepoint(last_savepoint()));
        }
        into.push_statements(index, all.write(index).statements(), true);
    }
}

together::point together::go_back(std::size_t failed) {
    had_failures_ = true;
    std::erase_if(savepoints_, [failed](auto one) { return one > failed; });
    if (savepoints_.empty()) return {};
    return {savepoints_.back(), last_savepoint()};
}

/// Few names, so that the commands stay prepared.
std::string together::last_savepoint() const {
    return "s" + std::to_string(savepoints_.size());
}

}  // namespace penholder::lane
