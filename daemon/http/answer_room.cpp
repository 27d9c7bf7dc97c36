#include "daemon/http/answer_room.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace penholder::daemon {

namespace asio = boost::asio;

asio::awaitable<answer_room::turn> answer_room::enter(std::function<void()> cut) {
    const auto executor = co_await asio::this_coro::executor;
    auto me =
        std::make_shared<guest>(std::move(cut), asio::steady_timer(executor, asio::steady_timer::time_point::max()));
    const auto place = guests_.insert(guests_.end(), me);
    const turn mine(nullptr, [this, place](void*) {
        guests_.erase(place);
        call_next();
    });
    if (guests_.size() > most_at_once + most_waiting) guests_.front()->cut();
    call_next();
    while (!me->has_turn) co_await me->called.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return mine;
}

void answer_room::call_next() {
    std::size_t number = 0;
    for (auto& one : guests_) {
        if (number++ == most_at_once) return;
        if (std::exchange(one->has_turn, true)) continue;
        one->called.cancel();
    }
}

}  // namespace penholder::daemon
