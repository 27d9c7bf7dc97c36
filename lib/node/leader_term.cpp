#include "leader_term.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {

namespace asio = boost::asio;

leader_term::leader_term(asio::any_io_executor executor, std::shared_ptr<postgres::database> database, std::string node,
                         std::string endpoint, leader_term_handlers handlers)
    : executor_(std::move(executor)),
      database_(std::move(database)),
      node_(std::move(node)),
      endpoint_(std::move(endpoint)),
      handlers_(std::move(handlers)) {}

void leader_term::begin(std::uint64_t term) {
    end();
    term_ = term;
    asio::co_spawn(
        executor_,
        [](std::shared_ptr<leader_term> self, std::uint64_t raised) { return self->raise(raised); }(shared_from_this(),
                                                                                                    term),
        asio::detached);
}

asio::awaitable<void> leader_term::raise(std::uint64_t term) {
    const auto self = shared_from_this();
    const auto answer = co_await database_->raise_fence(penholder::term{term}, node_, endpoint_);
    if (term_ != term) co_return;
    if (!answer) {
        handlers_.on_fence_failed(term, answer.error(), std::nullopt);
    } else if (!answer->raised) {
        const auto& holder = answer->record;
        handlers_.on_fence_failed(
            term,
            {errc::fenced, "term " + std::to_string(holder.term.value) + " of " + holder.leader + " holds the fence"},
            holder.term.value);
    } else {
        open_lane();
        handlers_.on_fence_raised(term);
    }
}

void leader_term::open_lane() {
    const auto told = [self = weak_from_this(), term = term_](auto tell) {
        const auto alive = self.lock();
        if (alive && alive->term_ == term) tell(*alive);
    };
    postgres::lane_events events;
    events.on_answers = [self = weak_from_this()](std::vector<lane::lane_answer> answers) {
        if (const auto alive = self.lock()) alive->handlers_.on_answers(std::move(answers));
    };
    events.on_open = [told] { told([](leader_term& self) { self.handlers_.on_lane_open(); }); };
    events.on_first_commit = [told] { told([](leader_term& self) { self.handlers_.on_first_commit(); }); };
    events.on_lost = [told](error why) {
        told([&](leader_term& self) { self.handlers_.on_lane_lost(std::move(why)); });
    };
    events.on_fenced = [told](const fence_record& holder) {
        told([&](leader_term& self) { self.handlers_.on_fenced(holder); });
    };
    lane_.emplace(database_->open_lane(penholder::term{term_}, node_, endpoint_, std::move(events)));
}

void leader_term::drain(std::function<void()> done) {
    if (!lane_) return asio::post(executor_, std::move(done));
    lane_->drain(std::move(done));
}

void leader_term::step_down() {
    term_ = 0;
    if (!lane_) return;
    last_lane_.emplace(std::move(*lane_));
    lane_.reset();
    last_lane_->drain([self = weak_from_this()] {
        const auto alive = self.lock();
        if (!alive || !alive->last_lane_) return;
        if (alive->last_lane_->state() == lane::lane_state::closed) alive->last_lane_.reset();
    });
}

void leader_term::end() {
    term_ = 0;
    lane_.reset();
    last_lane_.reset();
}

}  // namespace penholder
