#include "api/documents.hpp"
#include "model/ids.hpp"
#include "model/write_id.hpp"
#include "problem.hpp"
#include "resources.hpp"
#include "submission.hpp"

#include <fmt/format.h>

namespace penholder::daemon {
namespace {

constexpr auto key_header = "Idempotency-Key";

reply receipt_reply(const receipt& done, const std::string& group) {
    if (done.outcome == outcome::committed) return json_reply(http::status::ok, api::to_json(done));
    return to_reply(api::to_problem(done, group));
}

reply malformed(const body_problem& found, const std::string& group) {
    auto problem = api::to_problem(error{errc::malformed_write, found.message}, group);
    problem.pointer = found.pointer;
    if (!found.pointer.empty()) problem.detail = fmt::format("{}: {}", found.pointer, found.message);
    return to_reply(problem);
}

/// Hands the write to the node and answers with its id at once, unless the node refuses it on the spot.
answer submit_only(node& pen, std::string group, write what) {
    const auto refused = std::make_shared<std::optional<receipt>>();
    const std::string id = what.id();
    pen.submit(group, std::move(what), [refused](receipt done) { *refused = std::move(done); });
    co_await pen.status();  // Answered in turn: by then the node has looked at the write.
    if (*refused) co_return receipt_reply(**refused, group);
    co_return json_reply(http::status::accepted, {{"write_id", id}});
}

answer submit_and_wait(surroundings& with, const std::string& group, write what) {
    const auto began = std::chrono::steady_clock::now();
    const receipt done = co_await with.pen.submit(group, std::move(what));
    if (!done.why || done.why->code != errc::unknown_group) {
        with.counted.write_answered(group, done.outcome, std::chrono::steady_clock::now() - began);
    }
    co_return receipt_reply(done, group);
}

/// A write that nobody waits for needs an id to ask by.
std::string make_key() {
    return fmt::format("http-{}{}", incarnation::random().text(), incarnation::random().text());
}

write with_key(const write& given, std::string key) {
    write named(std::move(key));
    for (const auto& each : given.statements()) named.add(each);
    if (given.deadline()) named.deadline(*given.deadline());
    return named;
}

}  // namespace

answer submit_write(surroundings& with, const request& asked) {
    const std::string key(asked.message[key_header]);
    if (asked.message.find(key_header) != asked.message.end()) {
        if (const auto checked = check_key(key); !checked) {
            co_return malformed({"", fmt::format("{}: {}", key_header, checked.error().message)}, asked.group());
        }
    }
    auto decoded = decode_submission(asked.message.body(), key);
    if (const auto* found = std::get_if<body_problem>(&decoded)) co_return malformed(*found, asked.group());
    auto& wanted = std::get<submission>(decoded);
    if (wanted.wait) co_return co_await submit_and_wait(with, asked.group(), std::move(wanted.what));
    if (key.empty()) wanted.what = with_key(wanted.what, make_key());
    co_return co_await submit_only(with.pen, asked.group(), std::move(wanted.what));
}

answer show_receipt(surroundings& with, const request& asked) {
    const auto found = co_await with.pen.find(asked.group(), asked.captured[1]);
    if (found) co_return json_reply(http::status::ok, api::to_json(*found));
    co_return to_reply(http::status::not_found, "receipt_not_found",
                       fmt::format("the ledger of group {} keeps no receipt for '{}': it was never decided, or it was "
                                   "kept for its time and dropped",
                                   asked.group(), asked.captured[1]));
}

}  // namespace penholder::daemon
