#include "codec.hpp"
#include "convert.hpp"
#include "model/scratch.hpp"

#include <algorithm>
#include <utility>

namespace penholder::wire {
namespace {

constexpr int max_kept = 4096;

template <class Payload>
bool parse(Payload& into, std::string_view from) {
    return into.ParseFromArray(from.data(), static_cast<int>(from.size()));
}

error unreadable(const char* what) {
    return malformed(std::string("the ") + what + " cannot be read");
}

result<message> decode_hello(std::string_view payload) {
    scratch<pb::Hello> from;
    if (!parse(*from, payload)) return unreadable("hello");
    return message(hello{from->version(), from->group(), from->node(), {from->incarnation()}});
}

result<message> decode_introduction(std::string_view payload) {
    scratch<pb::Introduction> from;
    if (!parse(*from, payload)) return unreadable("introduction");
    return message(introduction{from->version(), from->node(), {from->incarnation()}});
}

result<message> decode_welcome(std::string_view payload) {
    scratch<pb::Welcome> from;
    if (!parse(*from, payload)) return unreadable("welcome");
    return message(welcome{from->max_in_flight()});
}

result<message> decode_submit_request(std::string_view payload) {
    scratch<pb::SubmitRequest> from;
    if (!parse(*from, payload)) return unreadable("submit request");
    if (from->id().empty()) return malformed("a submit request has no write id");
    if (from->mark().kept_size() > max_kept) return malformed("a submit request keeps too many sequence numbers");
    write what(from->id());
    for (auto& one : *from->mutable_statements()) what.add(read(one));
    what.trace_id(std::move(*from->mutable_trace_id()));
    submit made;
    made.id = std::move(*from->mutable_id());
    made.what = std::make_shared<const write>(std::move(what));
    made.mark = read(from->mark());
    made.deadline_ms = from->deadline_ms();
    made.first = from->first();
    return message(request{from->request_id(), std::move(made)});
}

std::optional<write_verdict> from_pb(pb::Verdict what) noexcept {
    switch (what) {
        case pb::DECIDED: return write_verdict::decided;
        case pb::HANDED_BACK: return write_verdict::handed_back;
        case pb::IN_FLIGHT: return write_verdict::in_flight;
        case pb::IN_DOUBT: return write_verdict::in_doubt;
        default: return std::nullopt;
    }
}

result<message> decode_submit_reply(std::string_view payload) {
    scratch<pb::SubmitReply> from;
    if (!parse(*from, payload)) return unreadable("submit reply");
    const auto verdict = from_pb(from->verdict());
    if (!verdict) return malformed("a submit reply has no verdict");
    write_answer made;
    made.verdict = *verdict;
    if (*verdict == write_verdict::decided) {
        auto decided_as = read(*from->mutable_receipt());
        if (!decided_as) return decided_as.error();
        made.receipt = std::move(*decided_as);
    } else {
        made.why = read_code(from->code());
        made.message = from->message();
        made.sqlstate = from->sqlstate();
    }
    if (from->has_hint()) made.hint = read(from->hint());
    return message(reply{from->request_id(), std::move(made)});
}

result<message> decode_find_request(std::string_view payload) {
    scratch<pb::FindRequest> from;
    if (!parse(*from, payload)) return unreadable("find request");
    if (from->id().empty()) return malformed("a find request has no write id");
    return message(request{from->request_id(), find{from->id()}});
}

result<message> decode_find_reply(std::string_view payload) {
    scratch<pb::FindReply> from;
    if (!parse(*from, payload)) return unreadable("find reply");
    find_result made;
    if (from->has_found()) {
        auto found = read(*from->mutable_found());
        if (!found) return found.error();
        made.found = std::move(*found);
    }
    if (from->has_failed()) made.failed = read_error(from->failed());
    if (from->has_hint()) made.hint = read(from->hint());
    return message(reply{from->request_id(), std::move(made)});
}

result<message> decode_forget_request(std::string_view payload) {
    scratch<pb::ForgetRequest> from;
    if (!parse(*from, payload)) return unreadable("forget request");
    if (from->id().empty()) return malformed("a forget request has no write id");
    return message(request{from->request_id(), forget{from->id(), from->by()}});
}

result<message> decode_forget_reply(std::string_view payload) {
    scratch<pb::ForgetReply> from;
    if (!parse(*from, payload)) return unreadable("forget reply");
    forget_result made;
    if (from->has_forgotten()) {
        auto forgotten = read(*from->mutable_forgotten());
        if (!forgotten) return forgotten.error();
        made.forgotten = std::move(*forgotten);
    }
    if (from->has_failed()) made.failed = read_error(from->failed());
    return message(reply{from->request_id(), std::move(made)});
}

result<message> decode_ping(std::string_view payload) {
    scratch<pb::Ping> from;
    if (!parse(*from, payload)) return unreadable("ping");
    return message(ping{from->number()});
}

result<message> decode_pong(std::string_view payload) {
    scratch<pb::Pong> from;
    if (!parse(*from, payload)) return unreadable("pong");
    return message(pong{from->number()});
}

result<message> decode_goodbye(std::string_view payload) {
    scratch<pb::Goodbye> from;
    if (!parse(*from, payload)) return unreadable("goodbye");
    return message(goodbye{{read_code(from->code()), from->message()}});
}

}  // namespace

result<message> decode(const frame& from) {
    switch (from.type) {
        case frame_type::hello: return decode_hello(from.payload);
        case frame_type::introduction: return decode_introduction(from.payload);
        case frame_type::welcome: return decode_welcome(from.payload);
        case frame_type::submit_request: return decode_submit_request(from.payload);
        case frame_type::submit_reply: return decode_submit_reply(from.payload);
        case frame_type::find_request: return decode_find_request(from.payload);
        case frame_type::find_reply: return decode_find_reply(from.payload);
        case frame_type::forget_request: return decode_forget_request(from.payload);
        case frame_type::forget_reply: return decode_forget_reply(from.payload);
        case frame_type::ping: return decode_ping(from.payload);
        case frame_type::pong: return decode_pong(from.payload);
        case frame_type::goodbye: break;
    }
    return decode_goodbye(from.payload);
}

}  // namespace penholder::wire
