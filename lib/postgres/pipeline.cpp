#include "pipeline.hpp"

#include "conninfo.hpp"
#include "measured_read.hpp"
#include "refused_connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <libpq-fe.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <memory>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

namespace penholder::postgres {
namespace {

constexpr std::size_t most_prepared = 256;

std::string text_of(const char* text) {
    return text != nullptr ? text : "";
}

bool is_fatal(const PGresult* result) {
    const auto severity = text_of(PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED));
    return severity == "FATAL" || severity == "PANIC";
}

/// Nothing where the error says no more than message and SQLSTATE.
std::shared_ptr<const lane::error_report> to_report(const PGresult* result) {
    const auto field = [result](int code) { return text_of(PQresultErrorField(result, code)); };
    lane::error_report made{field(PG_DIAG_MESSAGE_HINT),
                            {field(PG_DIAG_SCHEMA_NAME),
                             field(PG_DIAG_TABLE_NAME),
                             field(PG_DIAG_COLUMN_NAME),
                             field(PG_DIAG_DATATYPE_NAME),
                             field(PG_DIAG_CONSTRAINT_NAME),
                             {},
                             field(PG_DIAG_MESSAGE_DETAIL)}};
    const auto position = field(PG_DIAG_STATEMENT_POSITION);
    std::size_t place = 0;
    std::from_chars(position.data(), position.data() + position.size(), place);
    if (place > 0) made.fields.position = place;
    if (made.hint.empty() && made.fields == error_fields{}) return nullptr;
    return std::make_shared<const lane::error_report>(std::move(made));
}

lane::reply to_failure(const PGresult* result) {
    lane::reply made;
    made.what = lane::reply::kind::failed;
    made.sqlstate = text_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    made.message = text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (made.message.empty()) made.message = PQresultErrorMessage(result);
    made.report = to_report(result);
    made.fatal = is_fatal(result);
    return made;
}

/// These undo what was prepared, ours too.
bool forgets_statements(const std::string& sql) {
    return sql == "DISCARD ALL" || sql == "DEALLOCATE ALL";
}

}  // namespace

/// A text parameter among binary ones is the same bytes: text's binary format is its characters.
void pipeline::parameters::point_at(const lane::command& one) {
    values.clear();
    lengths.clear();
    for (const auto& each : one.params) {
        values.push_back(each ? each->c_str() : nullptr);
        lengths.push_back(each ? static_cast<int>(each->size()) : 0);
    }
    formats.assign(one.params.size(), one.binary ? 1 : 0);
}

pipeline::pipeline(boost::asio::any_io_executor executor, std::unique_ptr<raw_connection> connection, listener events)
    : socket_(executor),
      connection_(std::move(connection)),
      events_(std::make_shared<const listener>(std::move(events))),
      backend_pid_(PQbackendPID(connection_->handle())),
      cache_(most_prepared) {}

pipeline::~pipeline() {
    close();
}

/// A notice is no part of a result: what came in for it is over with it.
void pipeline::start() {
    auto* handle = connection_->handle();
    PQsetNoticeReceiver(
        handle, [](void* rows, const PGresult*) { static_cast<rows_in*>(rows)->arrived(); }, &rows_);
    PQsetnonblocking(handle, 1);
    PQenterPipelineMode(handle);
    socket_.assign(PQsocket(handle));
    await_read();
}

void pipeline::close() {
    events_.reset();
    if (socket_.is_open()) socket_.release();
    connection_.reset();
}

void pipeline::send(lane::round commands, std::size_t max_rows_bytes) {
    if (!connection_) return;
    assert(!commands.empty());
    rounds_.push_back({commands.size(), max_rows_bytes});
    if (rounds_.size() == 1) rows_.begin_round(max_rows_bytes);
    if (!queue(commands)) {
        ::shutdown(PQsocket(connection_->handle()), SHUT_RDWR);
        return lose_soon();
    }
    flush();
}

/// False where something was not queued. Nothing is queued behind it, not even the end of the round.
bool pipeline::queue(const lane::round& commands) {
    auto* handle = connection_->handle();
    if (commands.front().sql.starts_with("BEGIN")) {
        for (const auto& name : cache_.take_dropped()) {
            const auto forgetting = "DEALLOCATE " + name;
            if (PQsendQueryParams(handle, forgetting.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0) {
                return false;
            }
            expected_.push_back({true, {}});
        }
    }
    return std::ranges::all_of(commands, [this](const auto& one) { return queue_one(one); }) &&
           PQpipelineSync(handle) == 1;
}

/// A text that comes for the first time may be one with its values written out, which never comes again: it is kept
/// prepared from the second time on.
bool pipeline::queue_one(const lane::command& one) {
    if (forgets_statements(one.sql)) cache_.clear();
    if (one.reuse && cache_.comes_again(one.sql)) return queue_prepared(one);
    given_.point_at(one);
    expected_.push_back({false, {}});
    return PQsendQueryParams(connection_->handle(), one.sql.c_str(), given_.count(), nullptr, given_.values.data(),
                             given_.lengths.data(), given_.formats.data(), one.binary ? 1 : 0) == 1;
}

bool pipeline::queue_prepared(const lane::command& one) {
    auto* handle = connection_->handle();
    auto name = cache_.find(one.sql);
    if (!name) {
        name = cache_.add(one.sql);
        expected_.push_back({true, one.sql});
        if (PQsendPrepare(handle, name->c_str(), one.sql.c_str(), 0, nullptr) == 0) return false;
    }
    given_.point_at(one);
    expected_.push_back({false, one.sql});
    return PQsendQueryPrepared(handle, name->c_str(), given_.count(), given_.values.data(), given_.lengths.data(),
                               given_.formats.data(), one.binary ? 1 : 0) == 1;
}

/// A failed send is a lost connection; it is told from the read handler, where the socket's end shows too.
void pipeline::flush() {
    const int rest = PQflush(connection_->handle());
    if (rest < 0) return lose_soon();
    if (rest == 0 || writing_) return;
    writing_ = true;
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this()](boost::system::error_code failed) {
                           self->writing_ = false;
                           if (!failed && self->connection_) self->flush();
                       });
}

void pipeline::lose_soon() {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->lose({}); });
}

void pipeline::await_read() {
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](boost::system::error_code failed) {
                           if (!failed && self->connection_) self->on_readable();
                       });
}

void pipeline::on_readable() {
    auto* handle = connection_->handle();
    int waiting = 0;
    ::ioctl(PQsocket(handle), FIONREAD, &waiting);
    const auto comes = static_cast<std::size_t>(waiting);
    if (rows_.grows_too_large(amid_round_ ? std::min(comes, measured_read_bytes) : comes)) return break_off_too_large();
    const bool alive = amid_round_ ? measured_read(handle) : PQconsumeInput(handle) == 1;
    drain();
    if (!connection_) return;
    amid_round_ = !rounds_.empty();
    if (!alive || PQstatus(handle) == CONNECTION_BAD) return lose({});
    while (auto* notification = PQnotifies(handle)) PQfreemem(notification);
    if (rows_.too_large() && cancel_.is == cancelling::no) {
        cancel_.is = cancelling::asked;
        const auto events = events_;
        events->on_too_large();
        if (!connection_) return;
    }
    flush();
    if (connection_) await_read();
}

/// Takes every result that is there. libpq separates commands by an empty answer, and ends a lane::round with one of
/// its own. It takes note of the mode before a command's first row, so that is said as soon as the command has its
/// turn.
void pipeline::drain() {
    int empty = 0;
    while (connection_ && !rounds_.empty() && empty < 2) {
        if (rounds_.front().max_rows_bytes > 0) PQsetSingleRowMode(connection_->handle());
        if (PQisBusy(connection_->handle()) != 0) break;
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection_->handle()), &PQclear);
        empty = result ? 0 : empty + 1;
        if (!result) continue;
        rows_.arrived();
        if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
            finish_round();
        } else {
            take(result.get());
        }
    }
}

void pipeline::take(const PGresult* result) {
    if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) return rows_.add(result);
    if (expected_.empty() || (!replies_.empty() && replies_.back().fatal)) return;
    take_whole(result);
    rows_.drop();
}

void pipeline::take_whole(const PGresult* result) {
    const auto what = std::move(expected_.front());
    expected_.pop_front();
    const auto status = PQresultStatus(result);
    lane::reply made;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        made.what = lane::reply::kind::done;
        made.tag = PQcmdStatus(const_cast<PGresult*>(result));
        rows_.add(result);
        made.too_large = rows_.too_large();
        made.unnamed = rows_.unnamed();
        made.result = rows_.take(result);
    } else if (status != PGRES_PIPELINE_ABORTED) {
        made = to_failure(result);
        made.too_large = rows_.too_large();
    }
    if (what.preparing) {
        prepare_failed_ = !made.done();
        if (prepare_failed_) {
            cache_.forget_unprepared(what.sql);
            replies_.push_back(std::move(made));
        }
        return;
    }
    if (std::exchange(prepare_failed_, false)) return;
    if (made.failed()) cache_.forget(what.sql);
    replies_.push_back(std::move(made));
}

void pipeline::finish_round() {
    assert(!rounds_.empty());
    rounds_.pop_front();
    rows_.begin_round(rounds_.empty() ? 0 : rounds_.front().max_rows_bytes);
    auto replies = std::exchange(replies_, {});
    if (cancel_.is == cancelling::asked) {
        cancel_.held_back.push_back(std::move(replies));
        return;
    }
    cancel_.is = cancelling::no;
    const auto events = events_;
    if (events) events->on_replies(std::move(replies));
}

void pipeline::cancel_done() {
    if (!connection_ || cancel_.is != cancelling::asked) return;
    cancel_.is = cancel_.held_back.empty() ? cancelling::done : cancelling::no;
    for (auto& replies : std::exchange(cancel_.held_back, {})) {
        const auto events = events_;
        if (events) events->on_replies(std::move(replies));
    }
}

/// The command that is under way has the failure that is its last reply, and the rest of its round never ran.
void pipeline::give_up_round() {
    auto replies = std::exchange(replies_, {});
    replies.resize(std::max(replies.size(), rounds_.front().commands));
    const auto events = events_;
    if (events) events->on_replies(std::move(replies));
}

void pipeline::break_off_too_large() {
    lane::reply failed;
    failed.what = lane::reply::kind::failed;
    failed.message = "a row is larger than an answer may be";
    failed.too_large = true;
    replies_.push_back(std::move(failed));
    give_up_round();
    lose({errc::payload_too_large, "the connection was closed on an answer that is too large"});
}

void pipeline::lose(error why) {
    if (!connection_) return;
    if (why.message.empty()) {
        const std::string said = PQerrorMessage(connection_->handle());
        why = {errc::database_unreachable, one_line(said), sqlstate_in(said)};
        if (why.message.empty()) why.message = "the server closed the connection";
    }
    ::shutdown(PQsocket(connection_->handle()), SHUT_RDWR);
    if (!rounds_.empty() && !replies_.empty() && replies_.back().fatal) give_up_round();
    const auto events = events_;
    close();
    if (events) events->on_lost(std::move(why));
}

}  // namespace penholder::postgres
