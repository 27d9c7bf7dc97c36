#include "database_questions.hpp"

#include "ledger/origin_ledger.hpp"
#include "ledger/receipt_bytes.hpp"
#include "model/write_id.hpp"

#include <algorithm>

namespace penholder::simulation {

using namespace std::chrono_literals;

duration database_latency() {
    return the_world().chance.between(20us, the_world().conditions.database_latency);
}

duration in_order(time_point& last) {
    last = std::max(last, present().now() + database_latency());
    return last - present().now();
}

duration some_time_from(duration least) {
    return least + the_world().chance.between(0us, 100'000us);
}

error unreachable(std::string why) {
    return {errc::database_unreachable, std::move(why)};
}

void raise(const fence_record& wanted, duration patience, const std::function<void(result<fence_answer>)>& done) {
    the_world().database.raise_fence(wanted, patience, [done](const std::optional<fence_answer>& answer) {
        if (answer) return done(*answer);
        done(unreachable("the server closed the connection"));
    });
}

/// A session keeps its answer to an id that a node gave among the keys, the lane in the origin's row.
result<std::optional<receipt>> read_receipt(const std::string& write_id) {
    const auto& kept = the_world().database.committed();
    if (const auto found = kept.keys.find(write_id); found != kept.keys.end()) {
        return ledger::replayed_receipt(write_id, found->second.second);
    }
    const auto given = origin_write_id::parse(write_id);
    if (!given) return std::optional<receipt>();
    const auto found = kept.origins.find(std::string(given->origin()));
    if (found == kept.origins.end()) return std::optional<receipt>();
    const auto state = ledger::origin_ledger::from_bytes(found->second);
    if (!state || state->look_up(given->sequence(), {}) != ledger::origin_ledger::state::answered)
        return std::optional<receipt>();
    return ledger::replayed_receipt(write_id, state->answer(given->sequence()));
}

}  // namespace penholder::simulation
