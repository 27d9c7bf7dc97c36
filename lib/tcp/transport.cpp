#include "transport.hpp"

#include "socket_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class plain_transport final : public socket_transport {
public:
    explicit plain_transport(stream_socket connected) : socket_transport(std::move(connected)) {}

    asio::awaitable<transferred> read_some(asio::mutable_buffer into) override {
        const auto [failed, bytes] = co_await socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
        co_return transferred{failed, bytes};
    }

    void write(asio::const_buffer from, on_written done) override {
        asio::async_write(socket_, from, [done = std::move(done)](error_code failed, std::size_t bytes) {
            done({failed, bytes});
        });
    }
};

}  // namespace

asio::awaitable<error_code> transport::secure() {
    co_return error_code{};
}

std::unique_ptr<transport> make_plain_transport(stream_socket connected) {
    return std::make_unique<plain_transport>(std::move(connected));
}

}  // namespace penholder::tcp
