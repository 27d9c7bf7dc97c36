#include "sweep.hpp"

#include "batch_commands.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

bool breaks_connection(const reply& why) {
    return why.failed() && (sql::is_environment(why.sqlstate) || sql::leaves_commit_in_doubt(why.sqlstate));
}

}  // namespace

round sweep::begin() const {
    return {begin_transaction(), guard(settings_, settings_.statement_timeout_max_ms), sweep_ledger(settings_),
            commit()};
}

/// One that failed is rolled back, and the next one makes up for it.
std::optional<round> sweep::on_replies(const std::vector<reply>& replies) {
    if (end_ != end::none) return std::nullopt;
    if (std::ranges::count(replies, "COMMIT", &reply::tag) > 0) {
        end_ = end::done;
        return std::nullopt;
    }
    const auto failed = std::ranges::find_if(replies, &reply::failed);
    end_ = failed == replies.end()                    ? end::failed
           : failed->sqlstate == sql::fenced_sqlstate ? end::fenced
           : breaks_connection(*failed)               ? end::broken
                                                      : end::failed;
    return round{roll_back()};
}

}  // namespace penholder::lane
