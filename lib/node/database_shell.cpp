#include "database_shell.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace penholder {
namespace {

namespace asio = boost::asio;
namespace event = group::event;

/// What is shown of a lane's counters, over all lanes of this node.
void add(lane::lane_counters& sum, const lane::lane_counters& more) {
    sum.batches += more.batches;
    sum.batched_writes += more.batched_writes;
    sum.session_writes += more.session_writes;
    sum.suspects_blamed += more.suspects_blamed;
    sum.catalogue_changes += more.catalogue_changes;
    sum.lock_waits += more.lock_waits;
    sum.ledger.recorded += more.ledger.recorded;
    sum.ledger.forgotten += more.ledger.forgotten;
    for (const auto& [reason, writes] : more.not_plain) sum.not_plain[reason] += writes;
}

}  // namespace

database_shell::database_shell(const node_context& context, const group_options& group,
                               std::shared_ptr<postgres::workers> threads, std::function<void(group::any_event)> tell)
    : context_(context), tell_(std::move(tell)) {
    if (!group.database.empty()) {
        database_ = std::make_shared<postgres::database>(context_.strand, std::move(threads), group);
    }
}

void database_shell::carry_out(const group::action::expect_database& what) {
    if (database_) database_->expect({what.which.identity, what.which.last}, what.which.adopted);
}

void database_shell::carry_out(const group::action::prepare_to_lead&) {
    database_->prepare_to_lead();
}

void database_shell::carry_out(const group::action::probe&) {
    asio::co_spawn(
        context_.strand,
        [](std::shared_ptr<database_shell> self) -> asio::awaitable<void> {
            auto seen = co_await self->database_->probe();
            self->tell(event::database_probed{std::move(seen)});
        }(shared_from_this()),
        asio::detached);
}

void database_shell::carry_out(const group::action::raise_fence& what) {
    asio::co_spawn(
        context_.strand,
        [](std::shared_ptr<database_shell> self, term raised) -> asio::awaitable<void> {
            auto answer = co_await self->database_->raise_fence(raised, self->context_.node, self->context_.endpoint);
            self->tell(event::fence_answered{raised, std::move(answer)});
        }(shared_from_this(), what.term),
        asio::detached);
}

void database_shell::carry_out(const group::action::read_receipt& what) {
    asio::co_spawn(
        context_.strand,
        [](std::shared_ptr<database_shell> self, ticket from, std::string id) -> asio::awaitable<void> {
            const bool under_way = self->holds(id);
            auto found = co_await self->database_->find(id);
            self->tell(event::receipt_read{from, std::move(found), under_way || self->holds(id)});
        }(shared_from_this(), what.from, what.id),
        asio::detached);
}

void database_shell::carry_out(const group::action::forget_key& what) {
    if (holds(what.id)) return tell(event::key_forgotten{what.from, what.id, what.by, std::optional<receipt>(), true});
    asio::co_spawn(
        context_.strand,
        [](std::shared_ptr<database_shell> self, group::action::forget_key wanted) -> asio::awaitable<void> {
            auto forgotten = co_await self->database_->forget(wanted.term, wanted.id);
            self->tell(event::key_forgotten{wanted.from, wanted.id, wanted.by, std::move(forgotten)});
        }(shared_from_this(), what),
        asio::detached);
}

bool database_shell::holds(const std::string& id) const {
    return std::ranges::any_of(lanes_, [&](const auto& lane) { return lane.second.holds(id); });
}

void database_shell::carry_out(const group::action::open_lane& what) {
    const auto told = [weak = weak_from_this()](group::any_event news) {
        if (const auto self = weak.lock()) self->tell(std::move(news));
    };
    postgres::lane_events events;
    events.on_answers = [told](std::vector<lane::lane_answer> answers) {
        told(event::writes_answered{std::move(answers)});
    };
    events.on_open = [told, lane = what.lane](fence_raise at) { told(event::lane_opened{lane, at}); };
    events.on_first_commit = [told, lane = what.lane] { told(event::lane_first_commit{lane}); };
    events.on_lost = [told, lane = what.lane](error why) { told(event::lane_lost{lane, std::move(why)}); };
    events.on_fenced = [told, lane = what.lane](fence_record by) { told(event::lane_fenced{lane, std::move(by)}); };
    lanes_.emplace(what.lane, database_->open_lane(what.term, context_.node, context_.endpoint, std::move(events)));
}

void database_shell::carry_out(const group::action::drain_lane& what) {
    const auto found = lanes_.find(what.lane);
    if (found == lanes_.end()) return;
    found->second.drain([weak = weak_from_this(), lane = what.lane] {
        if (const auto self = weak.lock()) self->tell(event::lane_drained{lane});
    });
}

void database_shell::carry_out(const group::action::close_lane& what) {
    const auto closed = lanes_.extract(what.lane);
    if (closed) add(before_, closed.mapped().counters());
}

void database_shell::carry_out(group::action::apply& what) {
    const auto found = lanes_.find(what.lane);
    if (found == lanes_.end()) return;
    auto& one = what.what;
    found->second.submit({one.ticket, std::move(one.what), std::move(one.mark), one.deadline, one.again});
}

void database_shell::describe(group_status& status) const {
    if (database_) {
        status.refused_hosts = database_->refused_hosts();
        status.counters.fence_setbacks = database_->setbacks();
    }
    auto counted = before_;
    std::string unswept;
    for (const auto& [id, lane] : lanes_) {
        add(counted, lane.counters());
        status.counters.sessions_open += lane.counters().sessions_open;
        status.queued_writes += lane.queued();
        status.queue_wait_ms = lane.expected_wait().count();
        for (auto& one : lane.lock_waits()) status.lock_waits.push_back(std::move(one));
        if (auto why = lane.outage()) status.write_outage = std::move(*why);
        if (const auto& why = lane.sweep_trouble(); !why.empty()) unswept = "the ledger is not swept: " + why;
    }
    status.counters.batches = counted.batches;
    status.counters.lane_writes = counted.batched_writes;
    status.counters.session_writes = counted.session_writes;
    status.counters.suspects_blamed = counted.suspects_blamed;
    status.counters.catalogue_changes = counted.catalogue_changes;
    status.counters.lock_waits = counted.lock_waits;
    status.counters.keys_recorded = counted.ledger.recorded;
    status.counters.keys_forgotten = counted.ledger.forgotten;
    for (const auto& why : {status.write_outage, unswept}) {
        if (status.trouble.empty()) status.trouble = why;
    }
    for (const auto& [reason, writes] : counted.not_plain) status.counters.not_plain.push_back({reason, writes});
}

void database_shell::close_lanes() {
    for (auto& [id, lane] : lanes_) lane.close();
}

void database_shell::close() {
    tell_ = nullptr;
    lanes_.clear();
}

}  // namespace penholder
