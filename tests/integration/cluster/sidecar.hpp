#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace penholder::testing {

/// What a sidecar answered: the status and the body, which is JSON.
struct http_answer {
    unsigned status = 0;
    boost::json::value body;
};

/// One keep-alive connection to a sidecar; it connects again by itself. Not for use from two threads at once.
class http_client {
public:
    explicit http_client(std::uint16_t port) : port_(port) {}

    http_answer get(const std::string& target);
    http_answer post(const std::string& target, const std::string& body, const std::string& idempotency_key = {});

private:
    http_answer call(const std::string& method, const std::string& target, const std::string& body,
                     const std::string& idempotency_key);

    std::uint16_t port_;
    boost::asio::io_context io_;
    std::optional<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer buffer_;
};

/// A real `penholderd` process, to be killed and stopped as processes are.
class sidecar {
public:
    struct plan {
        std::string name;
        std::string hosts;
        std::string root;
        std::string conninfo;
        int session_timeout_ms = 2000;
        std::string group_keys{};      ///< More lines for the group's table.
        std::string zookeeper_keys{};  ///< More lines for the ensemble's.
        std::string link_keys{};       ///< More lines for the links'.
    };
    explicit sidecar(const plan& how);

    void start();
    process& running() { return *process_; }
    void kill() { process_->kill(); }

    std::uint16_t http_port() const noexcept { return http_port_; }
    std::uint16_t link_port() const noexcept { return link_port_; }

    /// The group's status as this sidecar tells it; null when it does not answer.
    boost::json::value status();
    std::string role();
    std::string log() const { return process_->log(); }

private:
    temporary_directory directory_;
    std::uint16_t http_port_;
    std::uint16_t link_port_;
    std::optional<process> process_;
};

}  // namespace penholder::testing
