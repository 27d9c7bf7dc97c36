#include "socket_transport.hpp"

#include "endpoint.hpp"

namespace penholder::tcp {

using boost::system::error_code;

boost::asio::any_io_executor socket_transport::executor() {
    return socket_.get_executor();
}

void socket_transport::shutdown() noexcept {
    error_code ignored;
    socket_.shutdown(stream_socket::shutdown_send, ignored);
}

void socket_transport::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

std::string socket_transport::peer_address() const {
    error_code failed;
    const auto where = socket_.remote_endpoint(failed);
    return failed ? std::string("-") : to_string(where);
}

}  // namespace penholder::tcp
