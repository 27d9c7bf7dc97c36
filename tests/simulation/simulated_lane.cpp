#include "simulated_lane.hpp"

#include "database_questions.hpp"

#include <utility>
#include <variant>

namespace penholder::simulation {

using namespace std::chrono_literals;

namespace {

namespace event = group::event;

/// So long a connection's predecessor may keep its slot of the fence; then it is ended.
constexpr auto slot_patience = 50ms;

/// Whether the fence is to be raised with the connection, as the lane's always is: only a product with mistakes can say
/// no.
template <class Connect>
bool raises(const Connect& what) {
    if constexpr (requires { what.raise; }) return what.raise;
    return true;
}

}  // namespace

simulated_lane::simulated_lane(group::lane_id id, group_options group, fence_record held, std::weak_ptr<teller> tell)
    : here_(present().here()), id_(id), applier_(std::move(group), std::move(held)), tell_(std::move(tell)) {}

simulated_lane::~simulated_lane() {
    for (auto& [which, wire] : wires_) {
        if (wire.link) the_world().database.disconnect(wire.link);
    }
}

void simulated_lane::submit(lane::lane_write what) {
    the_world().observed.taken(applier_.held().term.value, number_of(what.what.what()));
    run(applier_.submit(std::move(what), now()));
    the_world().observed.queued(here_.place, applier_.queued());
}

void simulated_lane::close() {
    if (present().alive(here_)) run(applier_.close(now()));
}

void simulated_lane::run(lane::lane_actions todo) {
    for (auto& one : todo) std::visit([this](auto& what) { carry_out(what); }, one);
}

// Connections.

void simulated_lane::carry_out(const lane::action::connect& what) {
    const auto which = what.which;
    const auto number = ++wires_[which].attempt;
    const auto wanted = applier_.held();
    auto made = std::make_shared<attempt>();
    const auto stamped = [](const fence_answer& fence) {
        return lane::opened{fence, the_world().database.committed().catalogue.stamp};
    };
    ask<lane::opened>(
        [weak = weak_from_this(), made, which, wanted, stamped, raises = raises(what)](auto answer) {
            const auto self = weak.lock();
            made->over = self ? self->dial(which, made) : nullptr;
            if (!made->over) return answer(unreachable("the connection was given up"));
            const auto standing = [stamped] { return stamped({the_world().database.committed().fence, false}); };
            if (!which.is_lane()) {
                return the_world().database.take_slot(made->over, which.value, slot_patience,
                                                      [answer, standing](bool taken) {
                                                          if (taken) return answer(standing());
                                                          answer(unreachable("the server closed the connection"));
                                                      });
            }
            const auto opened = [made, answer, stamped](const result<fence_answer>& fence) {
                if (!fence) return answer(fence.error());
                if (fence->raised) the_world().database.hold_slot(made->over, 0);
                answer(stamped(*fence));
            };
            if (!raises) return opened(fence_answer{wanted, true});
            raise(wanted, slot_patience, opened);
        },
        [weak = weak_from_this(), made, which, number](const result<lane::opened>& seen) {
            if (const auto self = weak.lock()) return self->connected(which, number, *made, seen);
            if (made->over) the_world().database.disconnect(made->over);
        });
}

database_server::link simulated_lane::dial(connection_id which, const std::shared_ptr<attempt>& made) {
    return the_world().database.connect(
        here_, applier_.held().term.value, [weak = weak_from_this(), made, which](const std::string& why) {
            made->ended = true;
            const auto self = weak.lock();
            if (self && self->wires_[which].link && self->wires_[which].link == made->over) self->lost(which, why);
        });
}

void simulated_lane::connected(connection_id which, std::uint64_t number, const attempt& made,
                               const result<lane::opened>& seen) {
    auto& wire = wires_[which];
    const bool is_awaited = wire.attempt == number && applier_.state() != lane::lane_state::closed;
    const bool usable = seen && !made.ended && is_awaited;
    if (!usable && made.over) the_world().database.disconnect(made.over);
    if (!is_awaited) return;
    simulation::tell(name_of(here_.place), "connection {} {}", which.value,
                     usable ? "is open" : "could not be made: " + (seen ? "it was ended" : seen.error().message));
    if (!usable) {
        return run(applier_.lost(which, seen ? unreachable("the connection was ended") : seen.error(), now()));
    }
    wire.link = made.over;
    run(applier_.connected(which, *seen, now()));
}

void simulated_lane::lost(connection_id which, const std::string& why) {
    simulation::tell(name_of(here_.place), "connection {} is lost: {}", which.value, why);
    drop(which);
    run(applier_.lost(which, unreachable(why), now()));
}

/// What was under way over it may have been to blame.
database_server::link simulated_lane::drop(connection_id which) {
    auto& wire = wires_[which];
    ++wire.attempt;
    const auto old = std::exchange(wire.link, nullptr);
    for (const auto write : wire.carried()) the_world().observed.lost_with(write);
    wire.clear();
    if (old) the_world().database.disconnect(old);
    return old;
}

void simulated_lane::carry_out(const lane::action::terminate& what) {
    const auto old = drop(what.which);
    if (!old || !the_world().links.database_reaches(here_.place)) return;
    if (the_world().chance.permille(the_world().conditions.errand_lost)) return;
    present().after(2 * database_latency(), [old] { the_world().database.terminate(old); });
}

void simulated_lane::carry_out(const lane::action::reconnect_after& what) {
    later(what.pause, [which = what.which](simulated_lane& self) { self.run(self.applier_.reconnect(which)); });
}

// Rounds.

void simulated_lane::carry_out(lane::action::send& what) {
    auto& wire = wires_[what.which];
    const auto over = wire.link;
    if (!over) return the_world().observed.violated("what is sent has a connection");
    for (const auto& one : what.commands) {
        const auto write = write_behind(one);
        for (const auto& [other, each] : wires_) {
            if (write && other != what.which && each.carries(*write)) {
                the_world().observed.violated(fmt::format("a write is under way once: write {} is twice", *write));
            }
        }
    }
    wire.on_sent(what.commands);
    watch(what.which);
    const auto replied = [weak = weak_from_this(), over, here = here_,
                          which = what.which](database_server::replies answers) {
        auto kept = std::make_shared<database_server::replies>(std::move(answers));
        present().after(in_order(over->returns), [weak, over, here, which, kept = std::move(kept)] {
            the_world().links.when_database_reaches(here.place, [weak, over, here, which, kept] {
                present().after({}, here, [weak, over, which, kept] {
                    if (const auto self = weak.lock()) self->replied(which, over, std::move(*kept));
                });
            });
        });
    };
    auto asked = std::make_shared<database_server::request>(
        database_server::request{std::move(what.commands), what.max_rows_bytes});
    present().after(in_order(over->arrives), [here = here_, over, asked = std::move(asked), replied] {
        the_world().links.when_database_reaches(
            here.place, [over, asked, replied] { the_world().database.carry_out(over, std::move(*asked), replied); });
    });
}

void simulated_lane::replied(connection_id which, const database_server::link& over, database_server::replies answers) {
    auto& wire = wires_[which];
    if (wire.link != over) return;
    wire.last_heard = present().now();
    wire.on_replies(answers);
    run(applier_.replied(which, std::move(answers), now()));
}

/// Looks now and then whether what was sent stays without an answer.
void simulated_lane::watch(connection_id which) {
    auto& wire = wires_[which];
    if (std::exchange(wire.watched, true)) return;
    wire.last_heard = std::max(wire.last_heard, present().now());
    later(some_time_from(silence), [which](simulated_lane& self) {
        auto& its = self.wires_[which];
        its.watched = false;
        if (!its.link || !its.waits()) return;
        const bool silent = present().now() - its.last_heard >= silence;
        self.watch(which);
        if (silent) self.run(self.applier_.silent(which));
    });
}

void simulated_lane::carry_out(const lane::action::probe& what) {
    later(database_latency(), [which = what.which, asked_at = what.asked_at](simulated_lane& self) {
        const bool reaches = the_world().links.database_reaches(self.here_.place) && the_world().database.is_up();
        const auto alive = reaches ? result<>() : result<>(unreachable("connection timed out"));
        self.run(self.applier_.probed(which, asked_at, alive, now()));
    });
}

void simulated_lane::carry_out(const lane::action::judge& what) {
    ask<sql::judgement>([sql = what.sql](auto answer) { answer(the_world().database.judge(sql)); },
                        [weak = weak_from_this(), shape = what.shape](const result<sql::judgement>& judged) {
                            const auto self = weak.lock();
                            if (self) self->run(self->applier_.judged(shape, judged, now()));
                        });
}

// What its owner hears.

/// Also after the lane was closed, as long as its process lives.
void simulated_lane::carry_out(lane::action::answers& what) {
    present().after({}, here_, [tell = tell_, all = std::move(what.all)]() mutable {
        if (const auto alive = tell.lock()) (*alive)(event::writes_answered{std::move(all)});
    });
}

void simulated_lane::carry_out(const lane::action::begin_soon&) {
    later({}, [](simulated_lane& self) { self.run(self.applier_.begin(now())); });
}

void simulated_lane::carry_out(const lane::action::begin_at& what) {
    if (what.when == time_point::max()) return;
    later(present().to_world(what.when) - present().now(),
          [](simulated_lane& self) { self.run(self.applier_.begin(now())); });
}

void simulated_lane::carry_out(const lane::action::opened&) {
    tell_soon(event::lane_opened{id_});
}

void simulated_lane::carry_out(const lane::action::lost& what) {
    tell_soon(event::lane_lost{id_, what.why});
}

void simulated_lane::carry_out(const lane::action::first_commit&) {
    tell_soon(event::lane_first_commit{id_});
}

void simulated_lane::carry_out(const lane::action::drained&) {
    tell_soon(event::lane_drained{id_});
}

void simulated_lane::carry_out(const lane::action::fenced& what) {
    if (what.by) return tell_soon(event::lane_fenced{id_, *what.by});
    ask<fence_record>(
        [](auto answer) { answer(the_world().database.committed().fence); },
        [weak = weak_from_this(), group = applier_.group().name](const result<fence_record>& standing) {
            const auto self = weak.lock();
            if (self)
                self->tell(event::lane_fenced{self->id_, standing ? *standing : fence_record{group, {}, {}, {}, {}}});
        });
}

void simulated_lane::tell(group::any_event what) const {
    if (const auto alive = tell_.lock()) (*alive)(std::move(what));
}

void simulated_lane::tell_soon(group::any_event what) {
    later({}, [what = std::move(what)](simulated_lane& self) { self.tell(what); });
}

}  // namespace penholder::simulation
