#include "api/documents.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/resources.hpp"
#include "daemon/http/submission.hpp"

namespace penholder::daemon {
namespace {

reply invalid(const body_problem& found, const std::string& group) {
    auto problem = api::to_problem(error{errc::invalid_argument, found.message}, group);
    problem.pointer = found.pointer;
    return to_reply(problem);
}

awaitable_reply set_paused(request_context& context, const http_request& request, bool paused) {
    co_await context.pen.pause(request.group(), paused);
    co_return json_reply(http::status::ok, api::to_json(api::pause_state{request.group(), paused}));
}

}  // namespace

awaitable_reply hand_over(request_context& context, const http_request& request) {
    const auto decoded = decode_handover(request.message.body());
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return invalid(*found, request.group());
    const auto& wanted = std::get<handover_request>(decoded);
    const auto now =
        co_await context.pen.handover(request.group(), wanted.to, std::chrono::milliseconds(wanted.within_ms));
    co_return json_reply(http::status::ok, api::to_json(now));
}

awaitable_reply resign(request_context& context, const http_request& request) {
    const auto decoded = decode_handover(request.message.body());
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return invalid(*found, request.group());
    const auto& wanted = std::get<handover_request>(decoded);
    if (!wanted.to.empty()) co_return invalid({"/to", "resign names no heir; use handover"}, request.group());
    const auto now = co_await context.pen.resign(request.group(), std::chrono::milliseconds(wanted.within_ms));
    co_return json_reply(http::status::ok, api::to_json(now));
}

awaitable_reply pause(request_context& context, const http_request& request) {
    return set_paused(context, request, true);
}

awaitable_reply resume(request_context& context, const http_request& request) {
    return set_paused(context, request, false);
}

}  // namespace penholder::daemon
