#include "transport.hpp"

#include "endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class plain_transport final : public transport {
public:
    explicit plain_transport(stream_socket connected) : socket_(std::move(connected)) {}

    asio::any_io_executor executor() override { return socket_.get_executor(); }

    asio::awaitable<transferred> read_some(asio::mutable_buffer into) override {
        const auto [failed, bytes] = co_await socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable));
        co_return transferred{failed, bytes};
    }

    void write(asio::const_buffer from, on_written done) override {
        asio::async_write(socket_, from, [done = std::move(done)](error_code failed, std::size_t bytes) {
            done({failed, bytes});
        });
    }

    void shutdown() noexcept override {
        error_code ignored;
        socket_.shutdown(stream_socket::shutdown_send, ignored);
    }

    void close() noexcept override {
        error_code ignored;
        socket_.close(ignored);
    }

    std::string peer_address() const override {
        error_code failed;
        const auto where = socket_.remote_endpoint(failed);
        return failed ? std::string("-") : to_string(where);
    }

private:
    stream_socket socket_;
};

}  // namespace

asio::awaitable<error_code> transport::secure() {
    co_return error_code{};
}

std::unique_ptr<transport> make_plain_transport(stream_socket connected) {
    return std::make_unique<plain_transport>(std::move(connected));
}

}  // namespace penholder::tcp
