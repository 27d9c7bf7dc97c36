#include "api/documents.hpp"
#include "base/log_event.hpp"
#include "daemon/http/authority.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/resources.hpp"
#include "daemon/http/spooled_body.hpp"
#include "daemon/http/submission.hpp"
#include "daemon/http/traceparent.hpp"
#include "model/ids.hpp"
#include "model/write_id.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace penholder::daemon {
namespace {

constexpr auto key_header = "Idempotency-Key";
constexpr auto deadline_header = "Penholder-Deadline-Ms";

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

/// How a write is answered.
struct answer_form {
    std::string group;
    value_form values = value_form::text;
    std::string trace_id = {};
};

reply shown(receipt done, const answer_form& form) {
    const auto status = done.outcome == outcome::unknown ? http::status::accepted : http::status::ok;
    const bool is_large = has_large_rows(done);
    const boost::json::value body =
        form.values == value_form::json ? api::to_typed_json(std::move(done)) : api::to_json(done);
    if (!is_large) return json_reply(status, body);
    auto spooled = spooled_body::of(body);
    if (!spooled) {
        log_warn("answer_not_spooled")
            .with("reason", spooled.error().message)
            .with_where_set("trace_id", form.trace_id);
        return json_reply(status, body);
    }
    reply made;
    made.large_body = std::make_shared<spooled_body>(std::move(*spooled));
    return made;
}

/// Who follows a trace finds what became of its write; of other writes the answer is enough.
void log_failed(request_context& context, const receipt& done, const answer_form& form) {
    if (form.trace_id.empty() || !done.why || !context.failed_writes.pass(std::chrono::steady_clock::now())) return;
    log_info("write_not_committed")
        .with("group", form.group)
        .with("node", context.settings.node.name)
        .with("id", done.write_id)
        .with("outcome", to_string(done.outcome))
        .with("code", to_string(done.why->code))
        .with_where_set("sqlstate", done.why->sqlstate)
        .with("trace_id", form.trace_id);
}

/// Where in the body that stands which nobody has to run to see that it is wrong.
std::string place_in_body(const receipt& done) {
    if (!done.why || !done.why->statement) return {};
    const auto statement = fmt::format("/statements/{}", *done.why->statement);
    if (done.why->code == errc::malformed_write) return statement;
    const bool is_text = done.why->code == errc::forbidden_statement || done.why->fields.position;
    return is_text ? statement + "/sql" : std::string();
}

reply receipt_reply(request_context& context, receipt done, const answer_form& form) {
    if (done.outcome == outcome::committed) return shown(std::move(done), form);
    log_failed(context, done, form);
    auto problem = api::to_problem(done, form.group);
    problem.trace_id = form.trace_id;
    problem.pointer = place_in_body(done);
    return to_reply(problem);
}

reply malformed(const body_problem& found, const std::string& group) {
    auto problem = api::to_problem(error{errc::malformed_write, found.message}, group);
    problem.pointer = found.pointer;
    if (!found.pointer.empty()) problem.detail = fmt::format("{}: {}", found.pointer, found.message);
    return to_reply(problem);
}

/// Hands the write to the node and answers with its id at once, unless the node refuses it on the spot.
awaitable_reply submit_only(request_context& context, answer_form form, write what) {
    const std::string id = what.id();
    auto answered = co_await context.pen.accept(form.group, std::move(what));
    if (answered) co_return receipt_reply(context, std::move(*answered), form);
    co_return json_reply(http::status::accepted, {{"write_id", id}});
}

awaitable_reply submit_and_wait(request_context& context, answer_form form, write what) {
    const auto began = std::chrono::steady_clock::now();
    receipt done = co_await context.pen.submit(form.group, std::move(what));
    if (!done.why || done.why->code != errc::unknown_group) {
        context.counted.write_answered(form.group, done.outcome, std::chrono::steady_clock::now() - began);
    }
    co_return receipt_reply(context, std::move(done), form);
}

/// The group's longest deadline, where the write asked for more.
std::optional<int> shortened_deadline(const request_context& context, const std::string& group, const write& what) {
    const auto& groups = context.settings.node.groups;
    const auto of = std::ranges::find(groups, group, &group_options::name);
    if (of == groups.end() || !what.deadline()) return std::nullopt;
    const bool is_longer = *what.deadline() > std::chrono::milliseconds(of->max_deadline_ms);
    return is_longer ? std::optional(of->max_deadline_ms) : std::nullopt;
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
    named.trace_id(given.trace_id());
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
    answer_form form{request.group(), wanted.values, trace_id_of(request)};
    wanted.what.trace_id(form.trace_id);
    const auto shortened = shortened_deadline(context, form.group, wanted.what);
    if (!wanted.wait && key.empty()) wanted.what = with_key(wanted.what, make_key());
    reply answered;
    if (wanted.wait) {
        answered = co_await submit_and_wait(context, std::move(form), std::move(wanted.what));
    } else {
        answered = co_await submit_only(context, std::move(form), std::move(wanted.what));
    }
    if (shortened) answered.headers.emplace_back(deadline_header, std::to_string(*shortened));
    co_return answered;
}

awaitable_reply show_receipt(request_context& context, const http_request& request) {
    const auto& key = request.captured[1];
    const auto asked = request.query.find("values");
    const auto values = asked == request.query.end() ? std::optional(value_form::text) : value_form_of(asked->second);
    if (!values) {
        auto problem = api::http_problem(400, "bad_request", "Bad Request", no_such_form(asked->second));
        problem.outcome = outcome::unknown;
        co_return to_reply(problem);
    }
    auto found = co_await context.pen.find(request.group(), key);
    if (!found) co_return to_reply(no_receipt(request.group(), key));
    co_return shown(std::move(*found), {request.group(), *values});
}

awaitable_reply forget_key(request_context& context, const http_request& request) {
    const auto& key = request.captured[1];
    const std::string_view authorization(request.message[http::field::authorization]);
    const auto token = caller_name(context.settings.http, authorization);
    const auto by = (token.empty() ? "" : token + " ") + "at " + context.settings.node.name;
    auto forgotten = co_await context.pen.forget(request.group(), key, by);
    if (!forgotten) co_return to_reply(nothing_to_forget(request.group(), key));
    co_return shown(std::move(*forgotten), {request.group()});
}

}  // namespace penholder::daemon
