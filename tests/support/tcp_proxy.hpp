#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace penholder::testing {

/// Which way bytes go through a proxy.
enum class direction : std::uint8_t {
    to_target,  ///< From those who connect, to the server behind the proxy: requests.
    to_client,  ///< Back: replies.
};

/// A faulty network between somebody and a server on loopback. It listens on a port of its own and carries every
/// connection to the target until it is told otherwise. It runs on its own thread; calls may come from any thread and
/// have taken effect when they return.
class tcp_proxy {
public:
    explicit tcp_proxy(std::uint16_t target_port);
    ~tcp_proxy();

    std::uint16_t port() const noexcept;
    std::string endpoint() const { return "127.0.0.1:" + std::to_string(port()); }

    void cut();     ///< Resets every connection now; bytes on the way are lost. New ones are welcome.
    void refuse();  ///< Stops listening and cuts: who connects is refused.
    void accept();  ///< Listens again, on the same port.

    /// Every byte from now on arrives so much later.
    void delay(std::chrono::milliseconds by);

    /// A black hole: after `after_bytes` more, nothing in this direction arrives, not even the end of a connection,
    /// until it is released or cut. Holds for existing and for new connections.
    void hold(direction way, std::size_t after_bytes = 0);
    void release(direction way);  ///< What was held arrives after all.
    void hold_everything();       ///< Both directions.
    void release_everything();

    /// The server may do the work, but nobody hears of it.
    void swallow_replies(std::size_t after_bytes = 0) { hold(direction::to_client, after_bytes); }

    /// The target's side of every connection is reset; the client's side stays open and silent, as after a power loss.
    void half_open();

    std::size_t connections() const;           ///< Open now.
    std::size_t carried(direction way) const;  ///< Bytes that arrived, on all connections ever.
    std::size_t held(direction way) const;     ///< Bytes read and not let through.

private:
    class network;
    std::unique_ptr<network> network_;
};

}  // namespace penholder::testing
