#include "database_client.hpp"

#include "database_questions.hpp"
#include "simulated_lane.hpp"

#include <algorithm>
#include <utility>

namespace penholder::simulation {

namespace event = group::event;

database_client::database_client(group_options group, std::string node, std::string endpoint, teller tell)
    : group_(std::move(group)),
      node_(std::move(node)),
      endpoint_(std::move(endpoint)),
      tell_(std::make_shared<teller>(std::move(tell))) {}

database_client::~database_client() {
    tell_.reset();
    for (const auto& [id, lane] : lanes_) lane->close();
}

void database_client::carry_out(const group::action::probe&) {
    ask<fence_record>(
        [which = group_.database](const auto& answer) {
            auto fence = which == groups_database ? the_world().database.committed().fence : fence_record();
            fence.database = which;
            answer(std::move(fence));
        },
        [tell = std::weak_ptr(tell_)](result<fence_record> seen) {
            if (seen) the_world().observed.found_database(present().here().place);
            if (const auto alive = tell.lock()) (*alive)(event::database_probed{std::move(seen)});
        });
}

void database_client::carry_out(const group::action::raise_fence& what) {
    const auto wanted = record_of(what.term);
    ask<fence_answer>([wanted, patience = std::chrono::milliseconds(group_.fence_wait_ms)](
                          const auto& answer) { raise(wanted, patience, answer); },
                      [tell = std::weak_ptr(tell_), raised = what.term](result<fence_answer> answer) {
                          if (const auto alive = tell.lock())
                              (*alive)(event::fence_answered{raised, std::move(answer)});
                      });
}

void database_client::carry_out(const group::action::read_receipt& what) {
    ask<std::optional<receipt>>(
        [id = what.id](const auto& answer) { answer(read_receipt(id)); },
        [this, tell = std::weak_ptr(tell_), from = what.from, id = what.id,
         was_under_way = holds(what.id)](result<std::optional<receipt>> found) {
            if (const auto alive = tell.lock()) {
                (*alive)(event::receipt_read{from, std::move(found), was_under_way || holds(id)});
            }
        });
}

/// Nobody forgets keys here: the simulation's promise is that every key keeps its answer.
void database_client::carry_out(const group::action::forget_key& what) {
    (*tell_)(event::key_forgotten{what.from, what.id, what.by, error{errc::refused, "keys are kept here"}});
}

bool database_client::holds(const std::string& id) const {
    return std::ranges::any_of(lanes_, [&](const auto& lane) { return lane.second->decides().holds(id); });
}

void database_client::carry_out(const group::action::open_lane& what) {
    const auto made = std::make_shared<simulated_lane>(what.lane, group_, record_of(what.term), std::weak_ptr(tell_));
    lanes_.emplace(what.lane, made);
    made->start();
}

void database_client::carry_out(const group::action::drain_lane& what) {
    if (const auto found = lanes_.find(what.lane); found != lanes_.end()) found->second->drain();
}

void database_client::carry_out(const group::action::close_lane& what) {
    if (const auto closed = lanes_.extract(what.lane)) closed.mapped()->close();
}

void database_client::carry_out(group::action::apply& what) {
    auto& one = what.what;
    if (const auto found = lanes_.find(what.lane); found != lanes_.end()) {
        found->second->submit({one.ticket, std::move(one.what), std::move(one.mark), one.deadline, one.again});
    }
}

void database_client::describe(group_status& status) const {
    for (const auto& [id, lane] : lanes_) {
        status.counters.batches += lane->decides().counters().batches;
        status.queued_writes += lane->decides().queued();
    }
}

}  // namespace penholder::simulation
