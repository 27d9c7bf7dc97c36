#include "database_client.hpp"

#include "ledger/origin_ledger.hpp"
#include "ledger/receipt_bytes.hpp"
#include "model/write_id.hpp"
#include "world.hpp"

#include <utility>

namespace penholder::simulation {

using namespace std::chrono_literals;

namespace {

namespace event = group::event;

duration latency() {
    return the_world().chance.between(20us, the_world().conditions.database_latency);
}

duration some_time_from(duration least) {
    return least + the_world().chance.between(0us, 100'000us);
}

error unreachable(std::string why) {
    return {errc::database_unreachable, std::move(why)};
}

/// Whether the fence is to be raised with the connection, as it always is: only a product with mistakes can say no.
template <class Connect>
bool raises(const Connect& what) {
    if constexpr (requires { what.raise; }) return what.raise;
    return true;
}

/// Asks the server something that takes one connection of its own: refused while it is down, silent while it cannot be
/// reached. `work` is given what answers.
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
    present().after(2 * latency(), [here, answer, work = std::move(work)] {
        if (!the_world().database.is_up()) return answer(latency(), unreachable("connection refused"));
        work([here, answer](result<T> what) {
            const bool reaches = the_world().links.database_reaches(here.place);
            if (reaches) return answer(latency(), std::move(what));
            answer(some_time_from(silence), unreachable("timeout expired"));
        });
    });
}

void raise(const fence_record& wanted, int patience_ms, const std::function<void(result<fence_answer>)>& done) {
    the_world().database.raise_fence(wanted, std::chrono::milliseconds(patience_ms),
                                     [done](const std::optional<fence_answer>& answer) {
                                         if (answer) return done(*answer);
                                         done(unreachable("the server closed the connection"));
                                     });
}

result<std::optional<receipt>> read_receipt(const std::string& write_id) {
    const auto& kept = the_world().database.committed();
    const auto given = origin_write_id::parse(write_id);
    if (!given) {
        const auto found = kept.keys.find(write_id);
        if (found == kept.keys.end()) return std::optional<receipt>();
        return ledger::replayed_receipt(write_id, found->second.second);
    }
    const auto found = kept.origins.find(std::string(given->origin()));
    if (found == kept.origins.end()) return std::optional<receipt>();
    const auto state = ledger::origin_ledger::from_bytes(found->second);
    if (!state || state->look_up(given->sequence(), {}) != ledger::origin_ledger::state::answered)
        return std::optional<receipt>();
    return ledger::replayed_receipt(write_id, state->answer(given->sequence()));
}

}  // namespace

/// A connection keeps the order of what is sent over it.
duration in_order(time_point& last) {
    last = std::max(last, present().now() + latency());
    return last - present().now();
}

/// Carries out what the lane::applier decides.
class simulated_lane : public std::enable_shared_from_this<simulated_lane> {
public:
    simulated_lane(group::lane_id id, group_options group, fence_record held,
                   std::weak_ptr<database_client::teller> tell)
        : here_(present().here()), id_(id), applier_(std::move(group), std::move(held)), tell_(std::move(tell)) {}

    ~simulated_lane() {
        if (link_) the_world().database.disconnect(link_);
    }
    simulated_lane(const simulated_lane&) = delete;
    simulated_lane& operator=(const simulated_lane&) = delete;

    void start() { run(applier_.start()); }
    void submit(lane::lane_write what) {
        run(applier_.submit(std::move(what), now()));
        the_world().observed.queued(here_.place, applier_.queued());
    }
    void drain() { run(applier_.drain(now())); }
    void close() {
        if (present().alive(here_)) run(applier_.close(now()));
    }
    const lane::applier& decides() const noexcept { return applier_; }

private:
    /// A connection that is being made.
    struct attempt {
        database_server::link over;
        bool ended = false;
    };

    static time_point now() { return present().local_now(); }

    void run(lane::lane_actions todo) {
        for (auto& one : todo) std::visit([this](auto& what) { carry_out(what); }, one);
    }

    template <class Work>
    void later(duration delay, Work work) {
        present().after(delay, here_, [weak = weak_from_this(), work = std::move(work)]() mutable {
            if (const auto self = weak.lock()) work(*self);
        });
    }

    void carry_out(const lane::action::connect& what) {
        const auto weak = weak_from_this();
        const auto wanted = applier_.held();
        auto made = std::make_shared<attempt>();
        ask<fence_answer>(
            [weak, made, here = here_, wanted, raises = raises(what),
             patience = applier_.group().fence_wait_ms](auto answer) {
                made->over = the_world().database.connect(here, [weak, made](const std::string& why) {
                    made->ended = true;
                    const auto self = weak.lock();
                    if (self && self->link_ && self->link_ == made->over) self->lost(why);
                });
                if (raises) return raise(wanted, patience, answer);
                answer(fence_answer{wanted, true});
            },
            [weak, made](const result<fence_answer>& answer) {
                if (const auto self = weak.lock()) return self->connected(*made, answer);
                if (made->over) the_world().database.disconnect(made->over);
            });
    }

    void connected(const attempt& made, const result<fence_answer>& answer) {
        const bool usable = answer && !made.ended;
        if (!usable || applier_.state() != lane::lane_state::connecting) {
            if (made.over) the_world().database.disconnect(made.over);
            const auto why = answer ? unreachable("the connection was ended") : answer.error();
            if (!usable) run(applier_.lost(why, now()));
            return;
        }
        link_ = made.over;
        run(applier_.connected(*answer, now()));
    }

    void carry_out(const lane::action::disconnect&) {
        if (const auto old = std::exchange(link_, nullptr)) the_world().database.disconnect(old);
    }

    void lost(const std::string& why) {
        link_ = nullptr;
        run(applier_.lost(unreachable(why), now()));
    }

    void carry_out(lane::action::send& what) {
        auto& links = the_world().links;
        if (!links.database_reaches(here_.place)) give_up_later();
        const auto weak = weak_from_this();
        const auto replied = [weak, over = link_, here = here_](database_server::replies answers) {
            present().after(in_order(over->returns), [weak, over, here, answers = std::move(answers)] {
                the_world().links.when_database_reaches(here.place, [weak, over, here, answers] {
                    present().after({}, here, [weak, over, answers] {
                        const auto self = weak.lock();
                        if (self && self->link_ == over) self->run(self->applier_.replied(answers, now()));
                    });
                });
            });
        };
        present().after(in_order(link_->arrives), [here = here_, over = link_, commands = std::move(what.commands),
                                                   replied]() mutable {
            the_world().links.when_database_reaches(here.place, [over, commands = std::move(commands), replied] {
                the_world().database.carry_out(over, commands, replied);
            });
        });
    }

    /// What was sent is not acknowledged.
    void give_up_later() {
        later(some_time_from(silence), [](simulated_lane& self) { self.run(self.applier_.silent()); });
    }

    void carry_out(const lane::action::probe& what) {
        later(latency(), [asked_at = what.asked_at](simulated_lane& self) {
            const bool reaches = the_world().links.database_reaches(self.here_.place);
            const auto alive = reaches ? result<>() : result<>(unreachable("connection timed out"));
            self.run(self.applier_.probed(asked_at, alive, now()));
        });
    }

    /// Also after the lane was closed, as long as its process lives.
    void carry_out(lane::action::answers& what) {
        present().after({}, here_, [tell = tell_, all = std::move(what.all)]() mutable {
            if (const auto alive = tell.lock()) (*alive)(event::writes_answered{std::move(all)});
        });
    }
    void carry_out(const lane::action::begin_soon&) {
        later({}, [](simulated_lane& self) { self.run(self.applier_.begin(now())); });
    }
    void carry_out(const lane::action::begin_at& what) {
        later(present().to_world(what.when) - present().now(),
              [](simulated_lane& self) { self.run(self.applier_.begin(now())); });
    }
    void carry_out(const lane::action::reconnect_after& what) {
        later(what.pause, [](simulated_lane& self) { self.run(self.applier_.reconnect()); });
    }
    void carry_out(const lane::action::opened&) { tell_soon(event::lane_opened{id_}); }
    void carry_out(const lane::action::lost& what) { tell_soon(event::lane_lost{id_, what.why}); }
    void carry_out(const lane::action::first_commit&) { tell_soon(event::lane_first_commit{id_}); }
    void carry_out(const lane::action::drained&) { tell_soon(event::lane_drained{id_}); }
    void carry_out(const lane::action::fenced& what) {
        if (what.by) return tell_soon(event::lane_fenced{id_, *what.by});
        ask<fence_record>(
            [](auto answer) { answer(the_world().database.committed().fence); },
            [weak = weak_from_this(), group = applier_.group().name](const result<fence_record>& standing) {
                const auto self = weak.lock();
                if (self)
                    self->tell(
                        event::lane_fenced{self->id_, standing ? *standing : fence_record{group, {}, {}, {}, {}}});
            });
    }

    void tell(group::any_event what) const {
        if (const auto alive = tell_.lock()) (*alive)(std::move(what));
    }
    void tell_soon(group::any_event what) {
        later({}, [what = std::move(what)](simulated_lane& self) { self.tell(what); });
    }

    location here_;
    group::lane_id id_;
    lane::applier applier_;
    std::weak_ptr<database_client::teller> tell_;
    database_server::link link_;
};

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
    ask<fence_record>([](const auto& answer) { answer(the_world().database.committed().fence); },
                      [tell = std::weak_ptr(tell_)](result<fence_record> seen) {
                          if (const auto alive = tell.lock()) (*alive)(event::database_probed{std::move(seen)});
                      });
}

void database_client::carry_out(const group::action::raise_fence& what) {
    const auto wanted = record_of(what.term);
    ask<fence_answer>(
        [wanted, patience = group_.fence_wait_ms](const auto& answer) { raise(wanted, patience, answer); },
        [tell = std::weak_ptr(tell_), raised = what.term](result<fence_answer> answer) {
            if (const auto alive = tell.lock()) (*alive)(event::fence_answered{raised, std::move(answer)});
        });
}

void database_client::carry_out(const group::action::read_receipt& what) {
    ask<std::optional<receipt>>([id = what.id](const auto& answer) { answer(read_receipt(id)); },
                                [tell = std::weak_ptr(tell_), from = what.from](result<std::optional<receipt>> found) {
                                    if (const auto alive = tell.lock()) {
                                        (*alive)(event::receipt_read{from, std::move(found)});
                                    }
                                });
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
        found->second->submit({one.ticket, std::move(one.what), std::move(one.mark), one.deadline});
    }
}

void database_client::describe(group_status& status) const {
    for (const auto& [id, lane] : lanes_) {
        status.counters.batches += lane->decides().counters().batches;
        status.queued_writes += lane->decides().queued();
    }
}

}  // namespace penholder::simulation
