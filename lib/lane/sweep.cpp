#include "sweep.hpp"

#include "batch_commands.hpp"
#include "replies.hpp"
#include "sql/sqlstate.hpp"

#include <algorithm>
#include <cstddef>

namespace penholder::lane {
namespace {

/// The places of replies, from the front and from the back.
constexpr std::size_t swept = 2;
constexpr std::size_t catalogue = 2;

}  // namespace

round sweep::begin() const {
    round made{begin_transaction(), guard(settings_, settings_.statement_timeout_ms), sweep_ledger(settings_, step_)};
    if (step_.first) made.push_back(tend_catalogue());
    made.push_back(read_catalogue());
    made.push_back(commit());
    return made;
}

/// One that failed is rolled back, and the next one makes up for it.
std::optional<round> sweep::on_replies(const std::vector<reply>& replies) {
    if (end_ != end::none) return std::nullopt;
    if (has_committed(replies)) {
        end_ = end::done;
        forgotten_ = number_in(replies.at(swept));
        swept_to_ = number_in(replies.at(swept), 1);
        more_ = text_in(replies.at(swept), 2) == "t";
        stale_ = number_in(replies.at(replies.size() - catalogue)) != settings_.catalogue.value;
        return std::nullopt;
    }
    const auto failed = std::ranges::find_if(replies, &reply::failed);
    end_ = failed == replies.end()                    ? end::failed
           : failed->sqlstate == sql::fenced_sqlstate ? end::fenced
           : failed->fatal                            ? end::broken
                                                      : end::failed;
    if (end_ == end::failed) why_ = failed == replies.end() ? trouble{"it was rolled back", {}} : trouble_of(*failed);
    if (end_ == end::broken) return std::nullopt;
    return round{roll_back()};
}

}  // namespace penholder::lane
