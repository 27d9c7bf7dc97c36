#pragma once

#include "traffic.hpp"
#include "transport.hpp"
#include "wire/codec.hpp"
#include "wire/link_loss.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::tcp {

using wire::link_loss;
using wire::loss;

/// Messages over one transport. What is sent between two turns of the executor leaves in one piece.
///
/// It is open until the first cause of its end: the peer's, a bound's, or its owner's, by `cut()` or `part()`; then
/// nothing is sent or received any more, and `cause()` stands. Owned by a link or by a listener's peer; all calls on
/// the transport's executor, where it lives until its last operation has ended.
class connection : public std::enable_shared_from_this<connection> {
public:
    using clock = std::chrono::steady_clock;

    connection(std::unique_ptr<transport> over, std::size_t max_frame_bytes, std::size_t max_outgoing_bytes,
               std::shared_ptr<traffic> counted);

    boost::asio::any_io_executor executor() const { return transport_->executor(); }

    /// The peer has proven itself: frames may now be this large.
    void trust(std::size_t max_frame_bytes) noexcept;

    /// Agrees with the peer on what protects the connection; before it, nothing is sent or received. False when there
    /// is no agreement: cause() says why.
    boost::asio::awaitable<bool> secure();

    /// Whom the peer's certificate names; nothing where it has shown none.
    std::optional<std::vector<std::string>> peer_names() const { return transport_->peer_names(); }

    /// Appends to what leaves next. Where the peer reads too slowly and more than max_outgoing_bytes would wait, the
    /// connection is cut. False when the frame would be larger than a frame may be; then nothing is sent.
    template <class Message>
    bool send(const Message& what) {
        if (!is_open()) return true;
        const auto before = outgoing_.size();
        wire::encode(what, outgoing_);
        return sent_from(before);
    }

    /// The next message that has come whole; nothing when more bytes are needed; an error when the peer breaks the
    /// protocol.
    result<std::optional<wire::message>> next();

    /// Waits for more bytes. False when the connection has ended; cause() says how. One caller at a time.
    boost::asio::awaitable<bool> more();

    /// As next(), waiting for it. Errors: those of the protocol, and link_lost with cause() set.
    boost::asio::awaitable<result<wire::message>> receive();

    /// Closes at once.
    void cut(link_loss why);

    /// Ends the connection and says why as it goes. Nothing is said where a frame is half sent; and a peer that does
    /// not read is not waited for longer than a second.
    void part(const error& why);

    /// Says why and waits until the peer has closed or sends no more, still open; the owner cuts it when that takes too
    /// long.
    boost::asio::awaitable<void> part_gently(error why);

    bool is_open() const noexcept { return !cause_; }
    const std::optional<link_loss>& cause() const noexcept { return cause_; }
    clock::time_point last_heard() const noexcept { return last_heard_; }
    std::size_t backlog() const noexcept { return outgoing_.size() + leaving_.size(); }
    /// Half of what may wait for the peer waits already: who can, waits with more.
    bool is_full() const noexcept { return backlog() > max_outgoing_bytes_ / 2; }

private:
    link_loss broken(const boost::system::error_code& failed) const;
    bool sent_from(std::size_t before);
    void flush();
    void flushed(const transport::transferred& sent);
    void adapt_read_size(std::size_t bytes) noexcept;

    std::unique_ptr<transport> transport_;
    wire::frame_decoder decoder_;
    std::size_t max_frame_bytes_;
    std::size_t max_outgoing_bytes_;
    std::shared_ptr<traffic> counted_;
    std::size_t read_size_;
    std::string outgoing_;  ///< Waits for the write under way to end.
    std::string leaving_;   ///< Being written.
    bool securing_ = false;
    bool flush_posted_ = false;
    bool writing_ = false;
    bool finishing_ = false;          ///< After what is being sent, nothing more.
    std::optional<link_loss> cause_;  ///< Once it has ended.
    clock::time_point last_heard_ = clock::now();
};

}  // namespace penholder::tcp
