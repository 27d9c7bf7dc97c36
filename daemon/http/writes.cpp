#include "api/documents.hpp"
#include "base/log_event.hpp"
#include "daemon/http/authority.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/resources.hpp"
#include "daemon/http/spooled_body.hpp"
#include "daemon/http/submission.hpp"
#include "model/ids.hpp"
#include "model/write_id.hpp"

#include <fmt/format.h>

namespace penholder::daemon {
namespace {

constexpr auto key_header = "Idempotency-Key";

/// As text such an answer can be six times as large.
constexpr std::size_t large_rows = std::size_t{1} << 20U;

bool has_large_rows(const receipt& done) {
    std::size_t bytes = 0;
    for (const auto& one : done.statements) {
        for (const auto& row : one.rows) {
            for (const auto& value : row) bytes += sizeof value + (value ? value->size() : 0);
        }
    }
    return bytes > large_rows;
}

reply shown(const receipt& done) {
    const auto status = done.outcome == outcome::unknown ? http::status::accepted : http::status::ok;
    const auto body = api::to_json(done);
    if (!has_large_rows(done)) return json_reply(status, body);
    auto spooled = spooled_body::of(body);
    if (!spooled) {
        log_warn("answer_not_spooled").with("reason", spooled.error().message);
        return json_reply(status, body);
    }
    reply made;
    made.large_body = std::make_shared<spooled_body>(std::move(*spooled));
    return made;
}

reply receipt_reply(const receipt& done, const std::string& group) {
    if (done.outcome == outcome::committed) return shown(done);
    return to_reply(api::to_problem(done, group));
}

reply malformed(const body_problem& found, const std::string& group) {
    auto problem = api::to_problem(error{errc::malformed_write, found.message}, group);
    problem.pointer = found.pointer;
    if (!found.pointer.empty()) problem.detail = fmt::format("{}: {}", found.pointer, found.message);
    return to_reply(problem);
}

/// Hands the write to the node and answers with its id at once, unless the node refuses it on the spot.
awaitable_reply submit_only(node& pen, std::string group, write what) {
    const std::string id = what.id();
    const auto answered = co_await pen.accept(group, std::move(what));
    if (answered) co_return receipt_reply(*answered, group);
    co_return json_reply(http::status::accepted, {{"write_id", id}});
}

awaitable_reply submit_and_wait(request_context& context, const std::string& group, write what) {
    const auto began = std::chrono::steady_clock::now();
    const receipt done = co_await context.pen.submit(group, std::move(what));
    if (!done.why || done.why->code != errc::unknown_group) {
        context.counted.write_answered(group, done.outcome, std::chrono::steady_clock::now() - began);
    }
    co_return receipt_reply(done, group);
}

/// A write that nobody waits for needs an id to ask by.
std::string make_key() {
    return fmt::format("http-{}{}", incarnation::random().text(), incarnation::random().text());
}

/// Says nothing of the write, which may wait at a node that was not asked, or come yet.
api::problem no_receipt(const std::string& group, const std::string& key) {
    auto made = api::http_problem(404, "receipt_not_found", "Receipt not found",
                                  fmt::format("the ledger of group {} keeps no receipt for '{}', and no such write is "
                                              "in flight at the leader or at this node: it was never decided, or its "
                                              "receipt was kept for its time and dropped",
                                              group, key));
    made.outcome = outcome::unknown;
    made.group = group;
    made.write_id = key;
    return made;
}

api::problem nothing_to_forget(const std::string& group, const std::string& key) {
    auto made = api::http_problem(404, "receipt_not_found", "Receipt not found",
                                  fmt::format("the ledger of group {} keeps nothing for '{}'; nothing stands in the "
                                              "way of a write with that key",
                                              group, key));
    made.group = group;
    made.write_id = key;
    return made;
}

write with_key(const write& given, std::string key) {
    write named(std::move(key));
    for (const auto& each : given.statements()) named.add(each);
    if (given.deadline()) named.deadline(*given.deadline());
    return named;
}

}  // namespace

awaitable_reply submit_write(request_context& context, const http_request& request) {
    const std::string key(request.message[key_header]);
    if (request.message.count(key_header) > 1) {
        co_return malformed({"", fmt::format("{} is there more than once; send one key", key_header)}, request.group());
    }
    if (request.message.find(key_header) != request.message.end()) {
        if (key.empty()) {
            co_return malformed({"", fmt::format("{} is empty; leave the header out for a write without a key, or "
                                                 "give each write one of its own",
                                                 key_header)},
                                request.group());
        }
        if (const auto checked = check_key(key); !checked) {
            co_return malformed({"", fmt::format("{}: {}", key_header, checked.error().message)}, request.group());
        }
    }
    auto decoded = decode_submission(request.message.body(), key);
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return malformed(*found, request.group());
    auto& wanted = std::get<submission>(decoded);
    if (wanted.wait) co_return co_await submit_and_wait(context, request.group(), std::move(wanted.what));
    if (key.empty()) wanted.what = with_key(wanted.what, make_key());
    co_return co_await submit_only(context.pen, request.group(), std::move(wanted.what));
}

awaitable_reply show_receipt(request_context& context, const http_request& request) {
    const auto& key = request.captured[1];
    const auto found = co_await context.pen.find(request.group(), key);
    if (!found) co_return to_reply(no_receipt(request.group(), key));
    co_return shown(*found);
}

awaitable_reply forget_key(request_context& context, const http_request& request) {
    const auto& key = request.captured[1];
    const std::string_view authorization(request.message[http::field::authorization]);
    const auto token = caller_name(context.settings.http, authorization);
    const auto by = (token.empty() ? "" : token + " ") + "at " + context.settings.node.name;
    const auto forgotten = co_await context.pen.forget(request.group(), key, by);
    if (!forgotten) co_return to_reply(nothing_to_forget(request.group(), key));
    co_return shown(*forgotten);
}

}  // namespace penholder::daemon
