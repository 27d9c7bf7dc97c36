#include "daemon/process/process.hpp"

#include "base/log_event.hpp"
#include "config/http_files.hpp"
#include "model/address.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>

#include <csignal>

namespace penholder::daemon {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds open_requests_timeout{2000};

}  // namespace

process::process(config::configuration settings, std::shared_ptr<log_file> log)
    : settings_(std::move(settings)),
      log_(std::move(log)),
      supervisor_(io_.get_executor()),
      tokens_(io_.get_executor(), settings_),
      security_(io_.get_executor(), settings_.http, settings_.node.name),
      signals_(io_, SIGTERM, SIGINT, SIGHUP) {}

int process::run() {
    std::exception_ptr failed;
    asio::co_spawn(io_, live(), [this, &failed](std::exception_ptr why) {
        failed = why;
        io_.stop();
    });
    io_.run();
    if (failed) std::rethrow_exception(failed);
    return 0;
}

asio::awaitable<void> process::live() {
    if (auto opened = security_.open(); !opened) throw exception(opened.error());
    auto listening = bind_http();
    if (listening && settings_.http.advertise.empty()) {
        settings_.node.http_endpoint = config::published(settings_.http, listening->endpoint());
    }
    node_.emplace(io_.get_executor(), settings_.node);
    context_.emplace(request_context{*node_, settings_, metrics_, events_, security_});
    listen_to_node();
    co_await node_->start();
    if (listening) {
        log_info("listening")
            .with("node", settings_.node.name)
            .with("http", listening->endpoint())
            .with("tls", security_.now() != nullptr);
        server_.emplace(io_.get_executor(), std::move(listening), *context_);
        server_->start();
        tokens_.watch();
    }
    supervisor_.ready();
    co_await wait_for_stop();
    co_await let_application_finish();
    co_await stop_node();
    co_await stop_http();
}

std::shared_ptr<tcp::acceptor> process::bind_http() {
    if (settings_.http.listen.empty()) return nullptr;
    const auto address = parse_listen(settings_.http.listen);
    if (!address) throw exception(address.error());
    auto bound = tcp::acceptor::bind(io_.get_executor(), *address);
    if (bound) return std::move(*bound);
    throw exception({bound.error().code, "http.listen: " + bound.error().message +
                                             "; choose another address or stop the process that has it"});
}

void process::listen_to_node() {
    node_->on_leadership([this](const leadership& now) {
        events_.leadership_changed(now);
        supervisor_.leadership_changed(now);
    });
    node_->on_members([this](const std::string& group, const std::vector<member>& members) {
        events_.members_changed(group, members);
    });
}

asio::awaitable<void> process::wait_for_stop() {
    for (;;) {
        const int signal = co_await signals_.async_wait(asio::use_awaitable);
        if (signal == SIGHUP) {
            reload();
            continue;
        }
        log_info("stopping").with("node", settings_.node.name).with("signal", signal == SIGTERM ? "SIGTERM" : "SIGINT");
        co_return;
    }
}

/// Until `signals_` are cancelled.
void process::on_signal_to_stop(std::function<void()> hear) {
    signals_.async_wait([this, hear = std::move(hear)](boost::system::error_code failed, int signal) {
        if (failed) return;
        if (signal != SIGHUP) return hear();
        reload();
        on_signal_to_stop(hear);
    });
}

/// The application may be told to stop at the same time, and has a few writes left. A second signal ends this, too.
asio::awaitable<void> process::let_application_finish() {
    context_->stopping = true;
    supervisor_.stopping();
    if (!server_ || settings_.stop_grace_ms == 0) co_return;
    co_await node_->retire();
    on_signal_to_stop([this] { server_->wait_no_longer(); });
    co_await server_->wait_until_quiet(std::chrono::milliseconds(settings_.stop_grace_ms));
    signals_.cancel();
}

/// Waits for the node to hand over, but not for ever, and not against a second signal.
asio::awaitable<void> process::stop_node() {
    context_->closing = true;
    const auto limit = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds(settings_.stop_timeout_ms));
    const auto stopped = std::make_shared<bool>(false);
    node_->stop([limit, stopped](std::exception_ptr) {
        *stopped = true;
        limit->cancel();
    });
    on_signal_to_stop([limit] { limit->cancel(); });
    co_await limit->async_wait(asio::as_tuple(asio::use_awaitable));
    signals_.cancel();
    if (*stopped) co_return;
    log_warn("stop_cut_short")
        .with("node", settings_.node.name)
        .with("reason", "the hand-over did not end in time; the next leader waits out this node's session");
}

asio::awaitable<void> process::stop_http() {
    tokens_.stop();
    security_.close();
    events_.close();
    if (!server_) co_return;
    server_->stop();
    co_await server_->wait_until_empty(open_requests_timeout);
}

/// All secrets and certificates, which are also read again without being asked to, and the log's file.
void process::reload() {
    node_->reload([](std::exception_ptr) {});
    tokens_.read_again();
    security_.look_again();
    reopen_log();
}

void process::reopen_log() {
    try {
        log_->reopen();
        log_info("log_reopened").with("node", settings_.node.name);
    } catch (const std::exception& failed) {
        log_warn("log_not_reopened").with("reason", failed.what());
    }
}

}  // namespace penholder::daemon
