#pragma once

#include "model/fence_record.hpp"
#include "timeline.hpp"
#include "world.hpp"

#include <penholder/receipt.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace penholder::simulation {

/// Of one message to the database or from it.
duration database_latency();

/// A connection keeps the order of what is sent over it.
duration in_order(time_point& last);

duration some_time_from(duration least);
error unreachable(std::string why);

/// Asks the server something that takes one connection of its own: refused while it is down, silent while it cannot be
/// reached. `work` is given what answers. For the present process, which hears of it where it lives.
template <class T>
void ask(std::function<void(std::function<void(result<T>)>)> work, std::function<void(result<T>)> done) {
    const auto here = present().here();
    auto once = std::make_shared<std::function<void(result<T>)>>(std::move(done));
    const auto answer = [here, once](duration when, result<T> what) {
        present().after(when, here, [once, what = std::move(what)] {
            if (*once) std::exchange(*once, nullptr)(what);
        });
    };
    if (!the_world().links.database_reaches(here.place)) {
        return answer(some_time_from(silence), unreachable("timeout expired"));
    }
    present().after(2 * database_latency(), [here, answer, work = std::move(work)] {
        if (!the_world().database.is_up()) return answer(database_latency(), unreachable("connection refused"));
        work([here, answer](result<T> what) {
            const bool reaches = the_world().links.database_reaches(here.place);
            if (reaches) return answer(database_latency(), std::move(what));
            answer(some_time_from(silence), unreachable("timeout expired"));
        });
    });
}

void raise(const fence_record& wanted, duration patience, const std::function<void(result<fence_answer>)>& done);

/// What the ledger holds of a write id, as the product reads it.
result<std::optional<receipt>> read_receipt(const std::string& write_id);

}  // namespace penholder::simulation
