#include "api/documents.hpp"
#include "group_view.hpp"
#include "resources.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace penholder::daemon {

boost::asio::awaitable<group_status> group_view(node& pen, std::string group) {
    auto now = co_await pen.status();
    const auto found = std::ranges::find(now.groups, group, [](const group_status& each) { return each.now.group; });
    if (found == now.groups.end()) {
        throw exception({errc::unknown_group, fmt::format("node {} is in no group '{}'", now.node, group)});
    }
    co_return std::move(*found);
}

answer show_node(surroundings& with, const request&) {
    co_return json_reply(http::status::ok, api::to_json(co_await with.pen.status()));
}

answer show_group(surroundings& with, const request& asked) {
    co_return json_reply(http::status::ok, api::to_json(co_await group_view(with.pen, asked.group())));
}

answer show_history(surroundings& with, const request& asked) {
    auto terms = co_await with.pen.history(asked.group());
    co_return json_reply(http::status::ok, api::to_json(api::history{asked.group(), std::move(terms)}));
}

answer show_events(surroundings& with, const request& asked) {
    const auto& limits = with.settings.http;
    const auto now = co_await group_view(with.pen, asked.group());
    auto feed = std::make_shared<event_feed>(co_await boost::asio::this_coro::executor, limits.event_queue_max,
                                             std::chrono::milliseconds(limits.heartbeat_ms));
    with.events.subscribe(now, feed);
    co_return reply{http::status::ok, "text/event-stream", {}, {{"Cache-Control", "no-store"}}, std::move(feed)};
}

}  // namespace penholder::daemon
