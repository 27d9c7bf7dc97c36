#include "api/documents.hpp"
#include "group_view.hpp"
#include "problem.hpp"
#include "resources.hpp"
#include "submission.hpp"

namespace penholder::daemon {
namespace {

reply malformed(const body_problem& found, const std::string& group) {
    auto problem = api::to_problem(error{errc::invalid_argument, found.message}, group);
    problem.pointer = found.pointer;
    return to_reply(problem);
}

answer set_paused(surroundings& with, const request& asked, bool paused) {
    co_await with.pen.pause(asked.group(), paused);
    co_return json_reply(http::status::ok, api::to_json(api::pause_state{asked.group(), paused}));
}

}  // namespace

answer hand_over(surroundings& with, const request& asked) {
    const auto decoded = decode_handover(asked.message.body());
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return malformed(*found, asked.group());
    const auto& wish = std::get<handover_request>(decoded);
    const auto now = co_await with.pen.handover(asked.group(), wish.to, std::chrono::milliseconds(wish.within_ms));
    co_return json_reply(http::status::ok, api::to_json(now));
}

answer resign(surroundings& with, const request& asked) {
    const auto decoded = decode_handover(asked.message.body());
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return malformed(*found, asked.group());
    const auto& wish = std::get<handover_request>(decoded);
    if (!wish.to.empty()) co_return malformed({"/to", "resign names no heir; use handover"}, asked.group());
    const auto now = co_await with.pen.resign(asked.group(), std::chrono::milliseconds(wish.within_ms));
    co_return json_reply(http::status::ok, api::to_json(now));
}

answer pause(surroundings& with, const request& asked) {
    return set_paused(with, asked, true);
}

answer resume(surroundings& with, const request& asked) {
    return set_paused(with, asked, false);
}

}  // namespace penholder::daemon
