#include "one_by_one.hpp"

#include "batch_commands.hpp"

#include <string>

namespace penholder::lane {
namespace {

constexpr std::size_t round_writes = 16;

std::string savepoint_of(std::size_t index) {
    return "w" + std::to_string(index);
}

}  // namespace

void one_by_one::run_next(batch_writes& all, const batch_settings& settings, std::chrono::steady_clock::time_point now,
                          round_draft& into) {
    for (std::size_t taken = 0; next_ < all.size() && taken < round_writes; ++next_) {
        if (!all.is_waiting(next_)) continue;
        ++taken;
        const auto& one = all.write(next_);
        const int timeout = statement_timeout_ms(settings, one, now);
        all.of(next_).bounded_by_deadline = timeout < settings.statement_timeout_max_ms;
        into.push(purpose::other, set_savepoint(savepoint_of(next_), false));
        into.push(purpose::other, set_timeout(timeout));
        into.push_statements(next_, one.statements(), false);
        into.push(purpose::check, {.sql = "SET CONSTRAINTS ALL IMMEDIATE", .params = {}, .reuse = false}, next_);
        into.push(purpose::other, {.sql = "SET CONSTRAINTS ALL DEFERRED", .params = {}, .reuse = false});
    }
}

void one_by_one::go_back(std::size_t failed, round_draft& into) {
    into.push(purpose::other, roll_back_to(savepoint_of(failed)));
    next_ = failed + 1;
}

}  // namespace penholder::lane
