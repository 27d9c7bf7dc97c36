#include "tls_transport.hpp"

#include "socket_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cassert>
#include <span>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t handshake_read_bytes = 4 * 1024;
constexpr std::size_t idle_sealed_bytes = 64 * 1024;

class tls_transport final : public socket_transport {
public:
    tls_transport(stream_socket connected, std::unique_ptr<tls_engine> with)
        : socket_transport(std::move(connected)), engine_(std::move(with)) {}

    asio::awaitable<error_code> secure() override {
        std::array<std::uint8_t, handshake_read_bytes> buffer{};
        for (;;) {
            const auto made = engine_->agree();
            sealed_ = engine_->leaving();
            if (!sealed_.empty()) {
                const auto [failed, bytes] =
                    co_await asio::async_write(socket_, asio::buffer(sealed_), asio::as_tuple(asio::use_awaitable));
                if (failed) co_return failed;
            }
            if (made == tls_engine::progress::agreed) co_return error_code{};
            if (made == tls_engine::progress::refused) co_return asio::error::access_denied;
            const auto [failed, bytes] =
                co_await socket_.async_read_some(asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
            if (failed) co_return failed;
            engine_->came(std::span(buffer).first(bytes));
        }
    }

    // What comes is read to where its text shall be, so that an idle connection holds no buffer of its own.
    asio::awaitable<transferred> read_some(asio::mutable_buffer into) override {
        const std::span room(static_cast<std::uint8_t*>(into.data()), into.size());
        for (;;) {
            const auto opened = engine_->open(room);
            if (opened.bytes > 0) co_return transferred{{}, opened.bytes};
            if (opened.then == tls_engine::opened::because::ended) co_return transferred{asio::error::eof, 0};
            if (opened.then == tls_engine::opened::because::refused) {
                co_return transferred{asio::error::access_denied, 0};
            }
            const auto [failed, bytes] = co_await socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
            if (failed) co_return transferred{failed, 0};
            engine_->came(room.first(bytes));
        }
    }

    void write(asio::const_buffer from, on_written done) override {
        if (!engine_->seal({static_cast<const char*>(from.data()), from.size()})) {
            return asio::post(executor(), [done = std::move(done)] { done({asio::error::access_denied, 0}); });
        }
        sealed_ = engine_->leaving();
        asio::async_write(socket_, asio::buffer(sealed_),
                          [this, done = std::move(done), whole = from.size()](error_code failed, std::size_t) {
                              sealed_.clear();
                              if (sealed_.capacity() > idle_sealed_bytes) sealed_ = {};
                              done({failed, failed ? 0 : whole});
                          });
    }

    std::optional<error> refusal() const override { return engine_->refusal(); }
    std::optional<std::vector<std::string>> peer_names() const override { return engine_->peer_names(); }

private:
    std::unique_ptr<tls_engine> engine_;
    std::string sealed_;  ///< Being written.
};

}  // namespace

std::unique_ptr<transport> make_tls_transport(stream_socket connected, std::unique_ptr<tls_engine> with) {
    return std::make_unique<tls_transport>(std::move(connected), std::move(with));
}

}  // namespace penholder::tcp
