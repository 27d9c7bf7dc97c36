#pragma once

#include "transport.hpp"

#include <string>
#include <utility>

namespace penholder::tcp {

/// What every transport over a socket has, whatever its bytes look like there.
class socket_transport : public transport {
public:
    boost::asio::any_io_executor executor() override;
    void shutdown() noexcept override;
    void close() noexcept override;
    std::string peer_address() const override;

protected:
    explicit socket_transport(stream_socket connected) : socket_(std::move(connected)) {}

    stream_socket socket_;
};

}  // namespace penholder::tcp
