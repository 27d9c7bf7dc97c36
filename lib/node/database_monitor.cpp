#include "database_monitor.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace penholder {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto look_every = 1s;

/// Longer than a restart of PostgreSQL takes, shorter than anybody's patience.
constexpr auto outage_tolerated = 5s;

}  // namespace

database_monitor::database_monitor(asio::any_io_executor executor, std::shared_ptr<postgres::database> database,
                                   std::string group, std::string node, database_monitor_handlers handlers)
    : timer_(executor),
      outage_(executor),
      database_(std::move(database)),
      group_(std::move(group)),
      node_(std::move(node)),
      handlers_(std::move(handlers)) {}

void database_monitor::start() {
    asio::co_spawn(
        timer_.get_executor(), [](std::shared_ptr<database_monitor> self) { return self->watch(); }(shared_from_this()),
        asio::detached);
}

void database_monitor::stop() {
    stopped_ = true;
    timer_.cancel();
    outage_.cancel();
}

asio::awaitable<void> database_monitor::watch() {
    const auto self = shared_from_this();
    while (!stopped_) {
        const auto fence = co_await database_->probe();
        if (stopped_) break;
        if (fence) handlers_.on_fence_seen(fence->term.value);
        if (!leading_) found(fence.has_value(), fence ? std::nullopt : std::optional(fence.error()));
        timer_.expires_after(look_every);
        boost::system::error_code woken;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void database_monitor::found(bool reachable, std::optional<error> why) {
    if (why && (!trouble_ || *trouble_ != *why)) {
        log().warn("database_unusable group={} node={} code={} reason=\"{}\"", group_, node_, to_string(why->code),
                   why->message);
    }
    trouble_ = std::move(why);
    if (std::exchange(reachable_, reachable) != reachable) handlers_.on_eligible(reachable);
}

void database_monitor::lane_opened() {
    leading_ = true;
    outage_.cancel();
    found(true, std::nullopt);
}

void database_monitor::lane_lost(error why) {
    if (trouble_) return;
    trouble_ = std::move(why);
    outage_.expires_after(outage_tolerated);
    outage_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (cancelled || self->stopped_ || !self->leading_) return;
        self->leading_ = false;
        self->found(false, self->trouble_);
    });
}

void database_monitor::lane_closed() {
    leading_ = false;
    outage_.cancel();
    timer_.cancel();
}

}  // namespace penholder
