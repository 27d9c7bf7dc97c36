#include "daemon/http/routes.hpp"

#include "base/log_event.hpp"
#include "daemon/http/authority.hpp"
#include "daemon/http/meant_host.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/traceparent.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace penholder::daemon {
namespace {

struct route {
    http::verb method;
    std::string_view pattern;
    audience who;
    awaitable_reply (*resource)(request_context&, const http_request&);
    std::string_view call = {};  ///< What the log calls it, where operators call it.
};

constexpr auto routes = std::to_array<route>({
    {http::verb::post, "/v1/groups/{}/writes", audience::applications, submit_write},
    {http::verb::get, "/v1/groups/{}/writes/{}", audience::applications, show_receipt},
    {http::verb::delete_, "/v1/groups/{}/writes/{}", audience::operators, forget_key, "forget"},
    {http::verb::get, "/v1/status", audience::applications, show_node},
    {http::verb::get, "/v1/groups/{}", audience::applications, show_group},
    {http::verb::get, "/v1/groups/{}/history", audience::applications, show_history},
    {http::verb::get, "/v1/groups/{}/events", audience::applications, show_events},
    {http::verb::post, "/v1/groups/{}/handover", audience::operators, hand_over, "handover"},
    {http::verb::post, "/v1/groups/{}/resign", audience::operators, resign, "resign"},
    {http::verb::post, "/v1/groups/{}/pause", audience::operators, pause, "pause"},
    {http::verb::post, "/v1/groups/{}/resume", audience::operators, resume, "resume"},
    {http::verb::get, "/leader", audience::everybody, is_leader},
    {http::verb::get, "/follower", audience::everybody, is_follower},
    {http::verb::get, "/livez", audience::everybody, is_alive},
    {http::verb::get, "/readyz", audience::everybody, is_ready},
    {http::verb::get, "/metrics", audience::everybody, show_metrics},
});

/// What stands in the path where the pattern has `{}`; nothing where the path is another one.
std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string>& path) {
    std::vector<std::string> captured;
    for (const auto& segment : path) {
        const auto end = pattern.find('/', 1);
        const auto wanted = pattern.substr(0, end);
        if (wanted == "/{}" && !segment.empty()) {
            captured.push_back(segment);
        } else if (wanted.empty() || wanted.substr(1) != segment) {
            return std::nullopt;
        }
        pattern = end == std::string_view::npos ? std::string_view() : pattern.substr(end);
    }
    return pattern.empty() ? std::optional(std::move(captured)) : std::nullopt;
}

struct route_match {
    const route* found = nullptr;
    std::vector<std::string> captured;
    std::vector<std::string> allowed;  ///< Methods that the path has.
};

route_match find(http::verb method, const std::vector<std::string>& path) {
    route_match result;
    const auto wanted = method == http::verb::head ? http::verb::get : method;
    for (const auto& each : routes) {
        auto captured = match(each.pattern, path);
        if (!captured) continue;
        result.allowed.emplace_back(http::to_string(each.method));
        if (each.method == http::verb::get) result.allowed.emplace_back("HEAD");
        if (each.method != wanted) continue;
        result.found = &each;
        result.captured = std::move(*captured);
    }
    return result;
}

bool is_json_or_empty(const http::request<http::string_body>& message) {
    if (message.method() != http::verb::post || message.body().empty()) return true;
    const std::string type(message[http::field::content_type]);
    const auto name = type.substr(0, type.find(';'));
    return boost::beast::iequals(name.substr(0, name.find_last_not_of(" \t") + 1), "application/json");
}

/// Whether a web page sent this, which the browser says by `Origin`. Such requests are refused: a page of another site
/// could reach loopback (cross-site request forgery).
bool is_asked_by_a_page(const http::request<http::string_body>& message) {
    const bool changes = message.method() == http::verb::post || message.method() == http::verb::delete_;
    return changes && message.find(http::field::origin) != message.end();
}

/// A question about a write that could not be answered says nothing of the write's outcome.
reply refusal_of(const route& to, api::problem why) {
    if (to.resource == show_receipt) why.outcome = outcome::unknown;
    return to_reply(why);
}

std::optional<reply> refuse(const request_context& context, const route& to,
                            const http::request<http::string_body>& request) {
    switch (permit(context.settings.http, to.who, std::string_view(request[http::field::authorization]))) {
        case permission::granted: break;
        case permission::token_missing:
            return refusal_of(to, api::to_problem({errc::unauthorized, "no valid token was sent"}, {}));
        case permission::token_too_weak:
            return to_reply(http::status::forbidden, "unauthorized", "this call needs the operators' token");
    }
    if (is_asked_by_a_page(request)) {
        return to_reply(http::status::forbidden, "cross_site", "requests with an Origin, from web pages, are refused");
    }
    if (is_json_or_empty(request)) return std::nullopt;
    return to_reply(http::status::unsupported_media_type, "unsupported_media_type",
                    "bodies are JSON; send 'Content-Type: application/json'");
}

reply no_such_path(const route_match& looked, http::verb method, const std::string& path) {
    if (looked.allowed.empty()) {
        return to_reply(http::status::not_found, "not_found", fmt::format("there is nothing at '{}'", path));
    }
    const auto allowed = fmt::format("{}, OPTIONS", fmt::join(looked.allowed, ", "));
    if (method == http::verb::options) return {http::status::ok, "text/plain", {}, {{"Allow", allowed}}, nullptr};
    auto refused = to_reply(http::status::method_not_allowed, "method_not_allowed",
                            fmt::format("'{}' can be asked with {}", path, allowed));
    refused.headers.emplace_back("Allow", allowed);
    return refused;
}

/// A request's target: a path, or a whole URL, whose host then goes before the header's (RFC 9112, 3.2).
struct target {
    boost::urls::url_view url;
    std::string host;
};

std::optional<target> read_target(const std::string& text, const http::request<http::string_body>& message) {
    if (const auto path = boost::urls::parse_origin_form(text)) {
        return target{*path, std::string(message[http::field::host])};
    }
    const auto whole = boost::urls::parse_absolute_uri(text);
    const bool is_web =
        whole && whole->has_authority() &&
        (whole->scheme_id() == boost::urls::scheme::http || whole->scheme_id() == boost::urls::scheme::https);
    if (!is_web) return std::nullopt;
    const std::string_view host = whole->encoded_host_and_port();
    return target{*whole, std::string(host)};
}

/// What can be said of a request before anybody looks what it wants.
std::optional<reply> refuse_target(const request_context& context, const std::optional<target>& to,
                                   const http::request<http::string_body>& message) {
    if (!to) {
        return to_reply(http::status::bad_request, "bad_request",
                        "the request's target is no path; ask for one, such as /v1/status");
    }
    if (message.count(http::field::host) > 1) {
        return to_reply(http::status::bad_request, "bad_request", "Host is there more than once; send it once");
    }
    if (is_meant(context.settings.http, to->host)) return std::nullopt;
    return to_reply(http::status::misdirected_request, "wrong_host",
                    fmt::format("'{}' is no name of this daemon, which listens on loopback; ask for 'localhost', or "
                                "set http.advertise to the name that clients use",
                                to->host));
}

reply too_many_connections(const route* to) {
    auto why = api::http_problem(503, "too_many_connections", "Too many connections",
                                 "http.max_connections are being answered already, and this one is kept for health "
                                 "checks; ask again a little later, or use one connection for several requests");
    return to != nullptr ? refusal_of(*to, std::move(why)) : to_reply(why);
}

/// Who moves the leadership is asked for afterwards.
void log_call(const request_context& context, const route& to, const std::string& group, const http_request& request) {
    const std::string_view authorization(request.message[http::field::authorization]);
    log_info("operator_call")
        .with("call", to.call)
        .with("group", group)
        .with("node", context.settings.node.name)
        .with("token", caller_name(context.settings.http, authorization));
}

awaitable_reply run(request_context& context, const route& to, const http_request& request) {
    const std::string group = request.captured.empty() ? std::string() : request.captured.front();
    if (to.who == audience::operators) log_call(context, to, group, request);
    try {
        co_return co_await to.resource(context, request);
    } catch (const exception& failed) {
        co_return refusal_of(to, api::to_problem(failed.why(), group));
    } catch (const std::exception& failed) {
        log_error("request_failed")
            .with("path", to.pattern)
            .with("reason", failed.what())
            .with_where_set("trace_id", trace_id_of(request));
        const error internal{errc::internal, "this request failed inside the daemon; its log says why"};
        co_return refusal_of(to, api::to_problem(internal, group));
    }
}

}  // namespace

awaitable_reply respond(request_context& context, http::request<http::string_body> message, asks what) {
    const std::string text(message.target());
    if (message.method() == http::verb::options && text == "*") {
        co_return reply{http::status::ok, "text/plain", {}, {{"Allow", "GET, HEAD, POST, DELETE, OPTIONS"}}, nullptr};
    }
    const auto to = read_target(text, message);
    if (auto refused = refuse_target(context, to, message)) co_return *std::move(refused);
    std::vector<std::string> path;
    for (const auto& segment : to->url.segments()) path.emplace_back(segment);
    auto looked = find(message.method(), path);
    const bool is_health = looked.found != nullptr && looked.found->who == audience::everybody;
    if (what == asks::health && !is_health) co_return too_many_connections(looked.found);
    if (looked.found == nullptr) co_return no_such_path(looked, message.method(), text);
    if (auto refused = refuse(context, *looked.found, message)) co_return *std::move(refused);
    http_request request{std::move(message), std::move(looked.captured), {}};
    for (const auto& parameter : to->url.params()) request.query[std::string(parameter.key)] = parameter.value;
    auto answered = co_await run(context, *looked.found, request);
    answered.to_application = looked.found->who == audience::applications && !answered.events;
    co_return answered;
}

}  // namespace penholder::daemon
