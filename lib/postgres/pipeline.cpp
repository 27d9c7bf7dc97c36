#include "pipeline.hpp"

#include "conninfo.hpp"

#include <boost/asio/error.hpp>
#include <libpq-fe.h>

#include <cassert>
#include <cstdlib>

namespace penholder::postgres {
namespace {

constexpr std::size_t most_prepared = 256;

std::string text_of(const char* text) {
    return text != nullptr ? text : "";
}

statement_result read_rows(const PGresult* result) {
    statement_result read;
    const auto affected = text_of(PQcmdTuples(const_cast<PGresult*>(result)));
    read.rows_affected = affected.empty() ? 0 : std::strtoull(affected.c_str(), nullptr, 10);
    const int columns = PQnfields(result);
    for (int column = 0; column < columns; ++column) read.columns.emplace_back(PQfname(result, column));
    for (int row = 0; row < PQntuples(result); ++row) {
        auto& values = read.rows.emplace_back();
        for (int column = 0; column < columns; ++column) {
            if (PQgetisnull(result, row, column) != 0) {
                values.emplace_back();
            } else {
                values.emplace_back(std::string(PQgetvalue(result, row, column),
                                                static_cast<std::size_t>(PQgetlength(result, row, column))));
            }
        }
    }
    return read;
}

lane::reply to_reply(const PGresult* result) {
    lane::reply made;
    switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
            made.what = lane::reply::kind::done;
            made.tag = PQcmdStatus(const_cast<PGresult*>(result));
            made.result = read_rows(result);
            return made;
        case PGRES_PIPELINE_ABORTED: return made;
        default: break;
    }
    made.what = lane::reply::kind::failed;
    made.sqlstate = text_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    made.message = text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (made.message.empty()) made.message = PQresultErrorMessage(result);
    return made;
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
    : socket_(executor), connection_(std::move(connection)), events_(std::move(events)), cache_(most_prepared) {}

pipeline::~pipeline() {
    close();
}

void pipeline::start() {
    auto* handle = connection_->handle();
    PQsetnonblocking(handle, 1);
    PQenterPipelineMode(handle);
    socket_.assign(PQsocket(handle));
    await_read();
}

void pipeline::close() {
    events_ = {};
    if (socket_.is_open()) socket_.release();
    connection_.reset();
}

void pipeline::send(lane::round commands) {
    if (!connection_) return;
    assert(!commands.empty());
    if (commands.front().sql.starts_with("BEGIN")) {
        for (const auto& name : cache_.take_dropped()) {
            send_failed_ |= PQsendQueryParams(connection_->handle(), ("DEALLOCATE " + name).c_str(), 0, nullptr,
                                              nullptr, nullptr, nullptr, 0) == 0;
            expected_.push_back({true, {}});
        }
    }
    for (const auto& one : commands) send_one(one);
    send_failed_ |= PQpipelineSync(connection_->handle()) == 0;
    ++open_rounds_;
    flush();
}

void pipeline::send_one(const lane::command& one) {
    if (one.reuse) {
        send_failed_ |= !send_prepared(one);
        return;
    }
    given_.point_at(one);
    send_failed_ |=
        PQsendQueryParams(connection_->handle(), one.sql.c_str(), given_.count(), nullptr, given_.values.data(),
                          given_.lengths.data(), given_.formats.data(), one.binary ? 1 : 0) == 0;
    expected_.push_back({false, {}});
}

bool pipeline::send_prepared(const lane::command& one) {
    auto* handle = connection_->handle();
    auto name = cache_.find(one.sql);
    bool sent = true;
    if (!name) {
        name = cache_.add(one.sql);
        sent = PQsendPrepare(handle, name->c_str(), one.sql.c_str(), 0, nullptr) == 1;
        expected_.push_back({true, one.sql});
    }
    given_.point_at(one);
    sent = sent && PQsendQueryPrepared(handle, name->c_str(), given_.count(), given_.values.data(),
                                       given_.lengths.data(), given_.formats.data(), one.binary ? 1 : 0) == 1;
    expected_.push_back({false, one.sql});
    return sent;
}

/// A failed send is a lost connection; it is told from the read handler, where the socket's end shows too.
void pipeline::flush() {
    const int rest = send_failed_ ? -1 : PQflush(connection_->handle());
    if (rest < 0) {
        boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->lose(); });
        return;
    }
    if (rest == 0 || writing_) return;
    writing_ = true;
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this()](boost::system::error_code failed) {
                           self->writing_ = false;
                           if (!failed && self->connection_) self->flush();
                       });
}

void pipeline::await_read() {
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](boost::system::error_code failed) {
                           if (!failed && self->connection_) self->on_readable();
                       });
}

void pipeline::on_readable() {
    const bool alive = PQconsumeInput(connection_->handle()) == 1;
    drain();
    if (!connection_) return;
    if (!alive || PQstatus(connection_->handle()) == CONNECTION_BAD) return lose();
    while (auto* notification = PQnotifies(connection_->handle())) PQfreemem(notification);
    flush();
    if (connection_) await_read();
}

/// Takes every result that is there. libpq separates commands by an empty answer, and ends a lane::round with one of
/// its own.
void pipeline::drain() {
    int empty = 0;
    while (connection_ && open_rounds_ > 0 && empty < 2 && PQisBusy(connection_->handle()) == 0) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection_->handle()), &PQclear);
        empty = result ? 0 : empty + 1;
        if (!result) continue;
        if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
            finish_round();
        } else {
            take(result.get());
        }
    }
}

void pipeline::take(const PGresult* result) {
    if (expected_.empty()) return;
    const auto what = std::move(expected_.front());
    expected_.pop_front();
    auto made = to_reply(result);
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
    assert(open_rounds_ > 0);
    --open_rounds_;
    if (events_.on_replies) events_.on_replies(std::exchange(replies_, {}));
}

void pipeline::lose() {
    if (!connection_) return;
    const auto last = std::exchange(events_, {});
    std::string why = one_line(PQerrorMessage(connection_->handle()));
    close();
    if (last.on_lost) last.on_lost(why.empty() ? "the server closed the connection" : std::move(why));
}

}  // namespace penholder::postgres
