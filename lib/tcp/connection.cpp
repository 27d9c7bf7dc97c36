#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;

constexpr std::size_t first_read_bytes = 2 * 1024;
constexpr std::size_t largest_read_bytes = 256 * 1024;
constexpr std::size_t idle_buffer_bytes = 64 * 1024;
constexpr std::chrono::seconds goodbye_limit{1};

void empty(std::string& buffer) {
    buffer.clear();
    if (buffer.capacity() > idle_buffer_bytes) buffer = {};
}

}  // namespace

connection::connection(std::unique_ptr<transport> over, std::size_t max_frame_bytes, std::size_t max_outgoing_bytes,
                       std::shared_ptr<traffic> counted)
    : transport_(std::move(over)),
      decoder_(max_frame_bytes),
      max_frame_bytes_(max_frame_bytes),
      max_outgoing_bytes_(max_outgoing_bytes),
      counted_(std::move(counted)),
      read_size_(first_read_bytes) {}

link_loss connection::broken(const boost::system::error_code& failed) const {
    if (auto why = transport_->refusal()) return {loss::unauthorized, std::move(*why), false, {}};
    const auto* text =
        failed == asio::error::eof ? "the peer closed the connection without a goodbye" : "the connection broke: ";
    return {loss::reset,
            {errc::link_lost, failed == asio::error::eof ? std::string(text) : text + failed.message()},
            false,
            {}};
}

asio::awaitable<bool> connection::secure() {
    securing_ = true;
    const auto failed = co_await transport_->secure();
    securing_ = false;
    last_heard_ = clock::now();
    if (failed) cut(broken(failed));
    co_return is_open();
}

void connection::trust(std::size_t max_frame_bytes) noexcept {
    max_frame_bytes_ = max_frame_bytes;
    decoder_.set_max_frame_bytes(max_frame_bytes);
}

result<std::optional<wire::message>> connection::next() {
    const auto framed = decoder_.next();
    if (!framed) return framed.error();
    if (!*framed) return std::optional<wire::message>{};
    ++counted_->frames_in;
    auto decoded = wire::decode(**framed);
    if (!decoded) return decoded.error();
    return std::optional(std::move(*decoded));
}

asio::awaitable<bool> connection::more() {
    if (!is_open()) co_return false;
    const auto room = decoder_.room(read_size_);
    const auto got = co_await transport_->read_some(asio::buffer(room.data(), room.size()));
    if (got.failed) {
        cut(broken(got.failed));
        co_return false;
    }
    decoder_.came(got.bytes);
    counted_->bytes_in += got.bytes;
    last_heard_ = clock::now();
    adapt_read_size(got.bytes);
    co_return is_open();
}

asio::awaitable<result<wire::message>> connection::receive() {
    for (;;) {
        auto got = next();
        if (!got) co_return got.error();
        if (*got) co_return std::move(**got);
        if (!co_await more()) co_return cause_->why;
    }
}

// Thousands of idle links must not hold a large buffer each; a busy one shall read much at a time.
void connection::adapt_read_size(std::size_t bytes) noexcept {
    if (bytes >= read_size_) {
        read_size_ = std::min(read_size_ * 2, largest_read_bytes);
    } else if (bytes < read_size_ / 4) {
        read_size_ = std::max(read_size_ / 2, first_read_bytes);
    }
}

bool connection::sent_from(std::size_t before) {
    if (outgoing_.size() - before > max_frame_bytes_) {
        outgoing_.resize(before);
        return false;
    }
    ++counted_->frames_out;
    if (backlog() > max_outgoing_bytes_) {
        cut({loss::reset,
             {errc::overloaded, "the peer reads too slowly: " + std::to_string(backlog()) + " bytes wait for it"},
             false,
             {}});
        return true;
    }
    if (flush_posted_ || writing_) return true;
    flush_posted_ = true;
    asio::post(executor(), [self = shared_from_this()] {
        self->flush_posted_ = false;
        if (self->is_open()) self->flush();
    });
    return true;
}

void connection::flush() {
    if (writing_ || outgoing_.empty()) return;
    writing_ = true;
    assert(leaving_.empty());
    leaving_.swap(outgoing_);
    transport_->write(asio::buffer(leaving_),
                      [self = shared_from_this()](const transport::transferred& sent) { self->flushed(sent); });
}

void connection::flushed(const transport::transferred& sent) {
    assert(writing_);
    writing_ = false;
    counted_->bytes_out += sent.bytes;
    empty(leaving_);
    if (!is_open()) return transport_->close();
    if (sent.failed) return cut(broken(sent.failed));
    flush();
    if (finishing_ && !writing_) transport_->shutdown();
}

void connection::cut(link_loss why) {
    if (!is_open()) return;
    cause_ = std::move(why);
    transport_->close();
}

// The write closes the transport when it has ended, the timer does so where that takes too long; each ends the other,
// so that neither keeps an executor running.
void connection::part(const error& why) {
    if (!is_open()) return;
    if (writing_ || securing_) return cut({loss::closed, why, false, {}});
    wire::encode(wire::goodbye{why}, outgoing_);
    cause_ = link_loss{loss::closed, why, false, {}};
    writing_ = true;
    leaving_.swap(outgoing_);
    const auto limit = std::make_shared<asio::steady_timer>(executor(), goodbye_limit);
    limit->async_wait([self = shared_from_this(), limit](boost::system::error_code) { self->transport_->close(); });
    transport_->write(asio::buffer(leaving_), [self = shared_from_this(), limit](const transport::transferred& sent) {
        self->flushed(sent);
        limit->cancel();
    });
}

asio::awaitable<void> connection::part_gently(error why) {
    finishing_ = true;
    send(wire::goodbye{why});
    std::string waste(first_read_bytes, '\0');
    while (is_open()) {
        const auto got = co_await transport_->read_some(asio::buffer(waste));
        if (got.failed) break;
    }
    cut({loss::closed, std::move(why), false, {}});
}

}  // namespace penholder::tcp
