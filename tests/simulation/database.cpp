// The stand-ins for the database's client: a lane's connection, and the calls that block.
#include "postgres/database.hpp"

#include "ledger/receipt_bytes.hpp"
#include "simulation/executor.hpp"
#include "simulation/world.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace penholder::postgres {

using namespace std::chrono_literals;
using simulation::database_server;
using simulation::present;
using simulation::the_world;

namespace {

simulation::duration latency() {
    return the_world().chance.between(20us, the_world().conditions.database_latency);
}

simulation::duration some_time_from(simulation::duration least) {
    return least + the_world().chance.between(0us, 100'000us);
}

error unreachable(std::string why) {
    return {errc::database_unreachable, std::move(why)};
}

/// Asks the server something that takes one connection of its own: refused while it is down, silent while it cannot be
/// reached. `work` is given what answers.
template <class T>
void ask(std::function<void(std::function<void(result<T>)>)> work, std::function<void(result<T>)> done) {
    const auto here = present().here();
    auto once = std::make_shared<std::function<void(result<T>)>>(std::move(done));
    const auto answer = [here, once](simulation::duration when, result<T> what) {
        present().after(when, here, [once, what = std::move(what)] {
            if (*once) std::exchange(*once, nullptr)(what);
        });
    };
    if (!the_world().links.database_reaches(here.place)) {
        return answer(some_time_from(simulation::silence), unreachable("timeout expired"));
    }
    present().after(2 * latency(), [here, answer, work = std::move(work)] {
        if (!the_world().database.is_up()) return answer(latency(), unreachable("connection refused"));
        work([here, answer](result<T> what) {
            const bool reaches = the_world().links.database_reaches(here.place);
            if (reaches) return answer(latency(), std::move(what));
            answer(some_time_from(simulation::silence), unreachable("timeout expired"));
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

/// As the real one, not a coroutine itself.
template <class T>
boost::asio::awaitable<std::shared_ptr<result<T>>> asked(std::function<void(std::function<void(result<T>)>)> work) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::shared_ptr<result<T>>)>(
        [](auto handler, auto given) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            ask<T>(std::move(given),
                   [shared](result<T> what) { std::move (*shared)(std::make_shared<result<T>>(std::move(what))); });
        },
        boost::asio::use_awaitable, std::move(work));
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
simulation::duration in_order(simulation::time_point& last) {
    last = std::max(last, present().now() + latency());
    return last - present().now();
}

/// Carries out what the lane::applier decides.
class lane_shell : public std::enable_shared_from_this<lane_shell> {
public:
    lane_shell(group_options group, fence_record held, lane_events events)
        : here_(present().here()), applier_(std::move(group), std::move(held)), events_(std::move(events)) {}

    ~lane_shell() {
        if (link_) the_world().database.disconnect(link_);
    }

    void start() { run(applier_.start()); }
    void submit(lane::lane_write what) {
        run(applier_.submit(std::move(what), now()));
        the_world().looks_on.queued(here_.place, applier_.queued());
    }
    void drain(std::function<void()> done) {
        drained_ = std::move(done);
        run(applier_.drain(now()));
    }
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

    static simulation::time_point now() { return present().local_now(); }

    void run(lane::lane_actions todo) {
        for (auto& one : todo) std::visit([this](auto& what) { carry_out(what); }, one);
    }

    template <class Work>
    void later(simulation::duration delay, Work work) {
        present().after(delay, here_, [weak = weak_from_this(), work = std::move(work)]() mutable {
            if (const auto self = weak.lock()) work(*self);
        });
    }

    void carry_out(const lane::action::connect& what) {
        const auto weak = weak_from_this();
        const auto wanted = applier_.held();
        auto made = std::make_shared<attempt>();
        ask<fence_answer>(
            [weak, made, here = here_, wanted, raises = what.raise,
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
        later(some_time_from(simulation::silence), [](lane_shell& self) { self.run(self.applier_.silent()); });
    }

    void carry_out(const lane::action::probe& what) {
        later(latency(), [asked_at = what.asked_at](lane_shell& self) {
            const bool reaches = the_world().links.database_reaches(self.here_.place);
            const auto alive = reaches ? result<>() : result<>(unreachable("connection timed out"));
            self.run(self.applier_.probed(asked_at, alive, now()));
        });
    }

    /// Also after the lane was closed, as long as its process lives.
    void carry_out(lane::action::answers& what) {
        present().after({}, here_, [told = events_.on_answers, all = std::move(what.all)] { told(all); });
    }
    void carry_out(const lane::action::begin_soon&) {
        later({}, [](lane_shell& self) { self.run(self.applier_.begin(now())); });
    }
    void carry_out(const lane::action::begin_at& what) {
        later(present().to_world(what.when) - present().now(),
              [](lane_shell& self) { self.run(self.applier_.begin(now())); });
    }
    void carry_out(const lane::action::reconnect_after& what) {
        later(what.pause, [](lane_shell& self) { self.run(self.applier_.reconnect()); });
    }
    void carry_out(const lane::action::opened&) {
        later({}, [](lane_shell& self) { self.events_.on_open(); });
    }
    void carry_out(const lane::action::lost& what) {
        later({}, [why = what.why](lane_shell& self) { self.events_.on_lost(why); });
    }
    void carry_out(const lane::action::fenced& what) {
        const auto told = events_.on_fenced;
        if (what.by) return present().after({}, here_, [told, by = *what.by] { told(by); });
        ask<fence_record>([](auto answer) { answer(the_world().database.committed().fence); },
                          [told, group = applier_.group().name](const result<fence_record>& standing) {
                              told(standing ? *standing : fence_record{group, {}, {}, {}, {}});
                          });
    }
    void carry_out(const lane::action::first_commit&) {
        later({}, [](lane_shell& self) { self.events_.on_first_commit(); });
    }
    void carry_out(const lane::action::drained&) {
        if (drained_) present().after({}, here_, std::exchange(drained_, {}));
    }

    simulation::whereabouts here_;
    lane::applier applier_;
    lane_events events_;
    database_server::link link_;
    std::function<void()> drained_;
};

lane_connection::~lane_connection() {
    if (shell_) shell_->close();
}

void lane_connection::submit(lane::lane_write what) {
    shell_->submit(std::move(what));
}

void lane_connection::drain(std::function<void()> done) {
    shell_->drain(std::move(done));
}

lane::lane_state lane_connection::state() const noexcept {
    return shell_->decides().state();
}

std::size_t lane_connection::queued() const noexcept {
    return shell_->decides().queued();
}

std::chrono::milliseconds lane_connection::expected_wait() const noexcept {
    return shell_->decides().expected_wait();
}

std::size_t lane_connection::in_flight() const noexcept {
    return shell_->decides().in_flight();
}

const lane::lane_counters& lane_connection::counters() const noexcept {
    return shell_->decides().counters();
}

database::database(boost::asio::any_io_executor, workers&, group_options group) : group_(std::move(group)) {}

boost::asio::awaitable<result<fence_record>> database::probe() {
    const auto work = [](const auto& answer) { answer(the_world().database.committed().fence); };
    const auto answer = co_await asked<fence_record>(work);
    co_return *answer;
}

boost::asio::awaitable<result<fence_answer>> database::raise_fence(penholder::term next, std::string leader,
                                                                   std::string endpoint) {
    const fence_record wanted{group_.name, next, std::move(leader), std::move(endpoint), {}};
    const auto work = [wanted, patience = group_.fence_wait_ms](const auto& answer) {
        raise(wanted, patience, answer);
    };
    const auto answer = co_await asked<fence_answer>(work);
    co_return *answer;
}

boost::asio::awaitable<result<std::optional<receipt>>> database::find(std::string write_id) {
    const auto work = [write_id](const auto& answer) { answer(read_receipt(write_id)); };
    const auto answer = co_await asked<std::optional<receipt>>(work);
    co_return *answer;
}

lane_connection database::open_lane(penholder::term held, std::string leader, std::string endpoint,
                                    lane_events events) {
    const fence_record record{group_.name, held, std::move(leader), std::move(endpoint), {}};
    auto shell = std::make_shared<lane_shell>(group_, record, std::move(events));
    shell->start();
    return lane_connection(std::move(shell));
}

}  // namespace penholder::postgres
