#pragma once

#include "config/configuration.hpp"
#include "daemon/http/event_hub.hpp"
#include "daemon/http/http_security.hpp"
#include "daemon/http/http_server.hpp"
#include "daemon/http/resources.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/process/log_lines.hpp"
#include "daemon/process/supervisor.hpp"
#include "daemon/process/token_files.hpp"

#include <penholder/node.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace penholder::daemon {

/// The running daemon: a node, its HTTP, and the signals that end it, all on the thread that calls `run`. Owned by
/// main.
class process {
public:
    process(config::configuration settings, std::shared_ptr<log_file> log);

    /// Runs until SIGTERM or SIGINT and returns the exit code. Throws `exception` where an address is taken.
    int run();

private:
    boost::asio::awaitable<void> live();
    boost::asio::awaitable<void> wait_for_stop();
    boost::asio::awaitable<void> let_application_finish();
    boost::asio::awaitable<void> stop_node();
    boost::asio::awaitable<void> stop_http();
    std::shared_ptr<tcp::acceptor> bind_http();
    void on_signal_to_stop(std::function<void()> hear);
    void listen_to_node();
    void reload();
    void reopen_log();

    boost::asio::io_context io_{1};
    config::configuration settings_;
    std::shared_ptr<log_file> log_;
    metrics metrics_;
    event_hub events_;
    supervisor supervisor_;
    token_files tokens_;
    http_security security_;
    boost::asio::signal_set signals_;
    std::optional<node> node_;
    std::optional<request_context> context_;
    std::optional<http_server> server_;
};

}  // namespace penholder::daemon
