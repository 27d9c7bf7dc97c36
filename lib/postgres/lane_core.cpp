#include "lane_core.hpp"

#include "base/log_event.hpp"
#include "server_connection.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace penholder::postgres {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::seconds sweep_interval{60};
constexpr std::size_t shown_of_shape = 200;

}  // namespace

lane_core::lane_core(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, group_options group,
                     fence_record held, std::shared_ptr<raise_memory> memory, std::shared_ptr<statement_judge> judge,
                     lane_events events)
    : executor_(std::move(executor)),
      applier_(std::move(group), std::move(held)),
      events_(std::move(events)),
      errands_(executor_, workers, applier_.group(), applier_.held(), std::move(memory)),
      judge_(std::move(judge)),
      connections_(executor_),
      clock_(executor_),
      sweep_(executor_) {}

void lane_core::start(std::optional<made_connection> ready) {
    applier_.set_clock(wall_clock::read());
    if (ready) {
        on_made({}, std::move(*ready));
    } else {
        run(applier_.start());
    }
    schedule_sweep();
}

void lane_core::submit(lane::lane_write what) {
    run(applier_.submit(std::move(what), steady::now()));
}

void lane_core::drain(std::function<void()> done) {
    drained_ = std::move(done);
    run(applier_.drain(steady::now()));
}

void lane_core::close() {
    run(applier_.close(steady::now()));
}

void lane_core::found_primary(std::uint32_t timeline) {
    const auto ours = raised_.at.timeline;
    if (ours == 0 || timeline <= ours) return;
    raised_ = {};
    judge_->renew();
    run(applier_.left_behind(
        {errc::database_unreachable, "its server writes timeline " + std::to_string(ours) +
                                         ", and another was promoted to timeline " + std::to_string(timeline)},
        steady::now()));
}

void lane_core::run(lane::lane_actions todo) {
    for (auto& one : todo) std::visit([this](auto& what) { carry_out(what); }, one);
    if (state() != lane::lane_state::closed) return;
    clock_.cancel();
    sweep_.cancel();
    connections_.close_all();
}

void lane_core::carry_out(lane::action::send& what) {
    connections_.send(what.which, std::move(what.commands), what.max_rows_bytes);
    watch_for_silence(what.which);
}

void lane_core::carry_out(lane::action::judge& what) {
    auto sql = std::move(what.sql);
    judge_->judge(std::move(sql), [weak = weak_from_this(), shape = std::move(what.shape)](auto judged) {
        const auto self = weak.lock();
        if (self) self->run(self->applier_.judged(shape, std::move(judged), steady::now()));
    });
}

/// One handler for all answers of a batch, so that what follows from them leaves together.
void lane_core::carry_out(lane::action::answers& what) {
    if (!events_.on_answers) return;
    boost::asio::post(executor_, [self = shared_from_this(), all = std::move(what.all)]() mutable {
        self->events_.on_answers(std::move(all));
    });
}

void lane_core::carry_out(const lane::action::begin_soon&) {
    boost::asio::post(executor_, [self = shared_from_this()] { self->run(self->applier_.begin(steady::now())); });
}

void lane_core::carry_out(const lane::action::begin_at& what) {
    clock_.expires_at(what.when);
    clock_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (!failed && self) self->run(self->applier_.begin(steady::now()));
    });
}

void lane_core::carry_out(const lane::action::opened&) {
    judge_->prepare([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->errands_.prepare();
    });
    if (events_.on_open) boost::asio::post(executor_, [told = events_.on_open, at = raised_] { told(at); });
}

void lane_core::carry_out(const lane::action::lost& what) {
    if (!what.repeated) {
        const auto& held = applier_.held();
        log_warn("lane_lost")
            .with("group", held.group)
            .with("term", held.term.value)
            .with("node", held.leader)
            .with("reason", what.why.message);
    }
    if (events_.on_lost) boost::asio::post(executor_, [told = events_.on_lost, why = what.why] { told(why); });
}

void lane_core::carry_out(lane::action::fenced& what) {
    if (!what.by) return tell_who_fenced();
    if (!events_.on_fenced) return;
    boost::asio::post(executor_, [told = events_.on_fenced, by = std::move(*what.by)] { told(by); });
}

void lane_core::carry_out(const lane::action::first_commit&) {
    if (events_.on_first_commit) boost::asio::post(executor_, events_.on_first_commit);
}

void lane_core::carry_out(const lane::action::drained&) {
    if (auto done = std::exchange(drained_, {})) boost::asio::post(executor_, std::move(done));
}

void lane_core::carry_out(const lane::action::session_lost& what) {
    if (what.repeated) return;
    const auto& held = applier_.held();
    log_warn("session_lost")
        .with("group", held.group)
        .with("term", held.term.value)
        .with("node", held.leader)
        .with("slot", what.which.value)
        .with("reason", what.why.message);
}

void lane_core::carry_out(const lane::action::not_plain& what) {
    log_info("statement_not_plain")
        .with("group", applier_.group().name)
        .with("reason", what.why)
        .with("detail", what.detail)
        .with("shape", what.shape.substr(0, shown_of_shape));
}

void lane_core::carry_out(const lane::action::catalogue_changed&) {
    const auto& held = applier_.held();
    log_info("catalogue_changed").with("group", held.group).with("term", held.term.value).with("node", held.leader);
}

void lane_core::carry_out(const lane::action::writes_fail& what) {
    const auto& held = applier_.held();
    log_error("writes_fail")
        .with("group", held.group)
        .with("term", held.term.value)
        .with("node", held.leader)
        .with("reason", what.why);
}

void lane_core::carry_out(const lane::action::not_swept& what) {
    const auto& held = applier_.held();
    log_warn("ledger_not_swept")
        .with("group", held.group)
        .with("term", held.term.value)
        .with("node", held.leader)
        .with("sqlstate", what.why.sqlstate)
        .with("reason", what.why.message);
}

void lane_core::carry_out(const lane::action::lock_wait& what) {
    const auto& held = applier_.held();
    log_warn("lock_wait")
        .with("group", held.group)
        .with("term", held.term.value)
        .with("node", held.leader)
        .with("id", what.id)
        .with("pid", what.whom.pid)
        .with_where_set("application", what.whom.application)
        .with_where_set("user", what.whom.user)
        .with_where_set("state", what.whom.state)
        .with_where_set("trace_id", what.trace_id);
}

void lane_core::carry_out(const lane::action::write_blamed& what) {
    const auto& held = applier_.held();
    log_warn("write_blamed")
        .with("group", held.group)
        .with("term", held.term.value)
        .with("node", held.leader)
        .with("id", what.id)
        .with("reason", what.why)
        .with_where_set("trace_id", what.trace_id);
}

void lane_core::schedule_sweep() {
    sweep_.expires_after(sweep_interval);
    sweep_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (failed || !self || self->state() == lane::lane_state::closed) return;
        self->applier_.set_clock(wall_clock::read());
        self->run(self->applier_.sweep());
        self->schedule_sweep();
    });
}

}  // namespace penholder::postgres
