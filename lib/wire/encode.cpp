#include "codec.hpp"
#include "convert.hpp"
#include "model/scratch.hpp"

namespace penholder::wire {
namespace {

void append(frame_type type, const google::protobuf::MessageLite& what, std::string& out) {
    const auto begin = open_frame(out, type);
    what.AppendToString(&out);
    close_frame(out, begin);
}

pb::Verdict to_pb(write_verdict what) noexcept {
    switch (what) {
        case write_verdict::decided: return pb::DECIDED;
        case write_verdict::handed_back: return pb::HANDED_BACK;
        case write_verdict::in_flight: return pb::IN_FLIGHT;
        case write_verdict::in_doubt: break;
    }
    return pb::IN_DOUBT;
}

void append_request(std::uint64_t id, const submit& what, std::string& out) {
    scratch<pb::SubmitRequest> made;
    made->set_request_id(id);
    made->set_id(what.id);
    for (const auto& one : what.what->statements()) fill(one, *made->add_statements());
    if (what.mark != origin_mark{}) fill(what.mark, *made->mutable_mark());
    made->set_deadline_ms(what.deadline_ms);
    made->set_first(what.first);
    made->set_trace_id(what.what->trace_id());
    append(frame_type::submit_request, *made, out);
}

void append_request(std::uint64_t id, const find& what, std::string& out) {
    scratch<pb::FindRequest> made;
    made->set_request_id(id);
    made->set_id(what.id);
    append(frame_type::find_request, *made, out);
}

void append_request(std::uint64_t id, const forget& what, std::string& out) {
    scratch<pb::ForgetRequest> made;
    made->set_request_id(id);
    made->set_id(what.id);
    made->set_by(what.by);
    append(frame_type::forget_request, *made, out);
}

void append_reply(std::uint64_t id, const write_answer& what, std::string& out) {
    scratch<pb::SubmitReply> made;
    made->set_request_id(id);
    made->set_verdict(to_pb(what.verdict));
    if (what.verdict == write_verdict::decided) {
        fill(what.receipt, *made->mutable_receipt());
    } else {
        made->set_code(std::string(to_string(what.why)));
        made->set_message(what.message);
        made->set_sqlstate(what.sqlstate);
    }
    if (what.hint) fill(*what.hint, *made->mutable_hint());
    append(frame_type::submit_reply, *made, out);
}

void append_reply(std::uint64_t id, const find_result& what, std::string& out) {
    scratch<pb::FindReply> made;
    made->set_request_id(id);
    if (what.found) fill(*what.found, *made->mutable_found());
    if (what.failed) fill(*what.failed, *made->mutable_failed());
    if (what.hint) fill(*what.hint, *made->mutable_hint());
    append(frame_type::find_reply, *made, out);
}

void append_reply(std::uint64_t id, const forget_result& what, std::string& out) {
    scratch<pb::ForgetReply> made;
    made->set_request_id(id);
    if (what.forgotten) fill(*what.forgotten, *made->mutable_forgotten());
    if (what.failed) fill(*what.failed, *made->mutable_failed());
    append(frame_type::forget_reply, *made, out);
}

}  // namespace

void encode(const hello& what, std::string& out) {
    scratch<pb::Hello> made;
    made->set_version(what.version);
    made->set_group(what.group);
    made->set_node(what.node);
    made->set_incarnation(what.life.value);
    append(frame_type::hello, *made, out);
}

void encode(const introduction& what, std::string& out) {
    scratch<pb::Introduction> made;
    made->set_version(what.version);
    made->set_node(what.node);
    made->set_incarnation(what.life.value);
    append(frame_type::introduction, *made, out);
}

void encode(const welcome& what, std::string& out) {
    scratch<pb::Welcome> made;
    made->set_max_in_flight(what.max_in_flight);
    append(frame_type::welcome, *made, out);
}

void encode(const request& what, std::string& out) {
    std::visit([&](const auto& body) { append_request(what.id, body, out); }, what.what);
}

void encode(const reply& what, std::string& out) {
    std::visit([&](const auto& body) { append_reply(what.id, body, out); }, what.what);
}

void encode(const ping& what, std::string& out) {
    scratch<pb::Ping> made;
    made->set_number(what.number);
    append(frame_type::ping, *made, out);
}

void encode(const pong& what, std::string& out) {
    scratch<pb::Pong> made;
    made->set_number(what.number);
    append(frame_type::pong, *made, out);
}

void encode(const goodbye& what, std::string& out) {
    scratch<pb::Goodbye> made;
    made->set_code(std::string(to_string(what.why.code)));
    made->set_message(what.why.message);
    append(frame_type::goodbye, *made, out);
}

}  // namespace penholder::wire
