#include "api/documents.hpp"
#include "daemon/http/resources.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace penholder::daemon {

boost::asio::awaitable<group_status> status_of_group(node& pen, std::string group) {
    auto now = co_await pen.status();
    const auto found = std::ranges::find(now.groups, group, [](const group_status& each) { return each.now.group; });
    if (found == now.groups.end()) {
        throw exception({errc::unknown_group, fmt::format("node {} is in no group '{}'", now.node, group)});
    }
    co_return std::move(*found);
}

awaitable_reply show_node(request_context& context, const http_request&) {
    co_return json_reply(http::status::ok, api::to_json(co_await context.pen.status()));
}

awaitable_reply show_group(request_context& context, const http_request& request) {
    co_return json_reply(http::status::ok, api::to_json(co_await status_of_group(context.pen, request.group())));
}

awaitable_reply show_history(request_context& context, const http_request& request) {
    auto terms = co_await context.pen.history(request.group());
    co_return json_reply(http::status::ok, api::to_json(api::history{request.group(), std::move(terms)}));
}

awaitable_reply show_events(request_context& context, const http_request& request) {
    const auto& limits = context.settings.http;
    const auto now = co_await status_of_group(context.pen, request.group());
    auto feed = std::make_shared<event_feed>(co_await boost::asio::this_coro::executor, limits.event_queue_max,
                                             std::chrono::milliseconds(limits.heartbeat_ms));
    context.events.subscribe(now, feed);
    co_return reply{http::status::ok,
                    "text/event-stream",
                    {},
                    {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
                    std::move(feed)};
}

}  // namespace penholder::daemon
