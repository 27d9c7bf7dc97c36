#include "acceptor.hpp"

#include "base/log_event.hpp"
#include "endpoint.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using unix_stream = asio::local::stream_protocol;
using boost::system::error_code;

constexpr int backlog = 4096;
constexpr std::chrono::milliseconds pause_after_failure{100};
constexpr std::uint64_t failures_a_line = 100;
constexpr mode_t only_owner_and_group = 0117;

error cannot_listen(const address& where, const error_code& why) {
    return {errc::invalid_argument, "cannot listen on " + where.text() + ": " + why.message()};
}

template <class Acceptor>
error_code listen_on(Acceptor& socket, const typename Acceptor::endpoint_type& where) {
    error_code failed;
    socket.open(where.protocol(), failed);
    if (!failed) socket.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) socket.bind(where, failed);
    if (!failed) socket.listen(backlog, failed);
    return failed;
}

/// Removes a socket that a process left behind when it died. A socket that answers stays, and binding it will fail.
void remove_stale(const asio::any_io_executor& executor, const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0 || !S_ISSOCK(about.st_mode)) return;
    unix_stream::socket probe(executor);
    error_code failed;
    probe.connect(unix_stream::endpoint(path), failed);
    if (failed == asio::error::connection_refused) ::unlink(path.c_str());
}

/// Makes files with narrow permissions for as long as it lives.
class narrow_umask {
public:
    narrow_umask() : before_(::umask(only_owner_and_group)) {}
    ~narrow_umask() { ::umask(before_); }
    narrow_umask(const narrow_umask&) = delete;
    narrow_umask& operator=(const narrow_umask&) = delete;

private:
    mode_t before_;
};

}  // namespace

result<std::shared_ptr<acceptor>> acceptor::bind(const asio::any_io_executor& executor, const address& where) {
    if (where.is_unix()) {
        remove_stale(executor, where.path);
        const narrow_umask narrow;
        unix_acceptor socket(executor);
        if (const auto failed = listen_on(socket, where.path)) return cannot_listen(where, failed);
        return std::shared_ptr<acceptor>(new acceptor(std::move(socket), where.path));
    }
    const auto found = local_endpoint(where);
    if (!found) return found.error();
    tcp_acceptor socket(executor);
    if (const auto failed = listen_on(socket, *found)) return cannot_listen(where, failed);
    auto bound = to_string(socket.local_endpoint());
    return std::shared_ptr<acceptor>(new acceptor(std::move(socket), std::move(bound)));
}

acceptor::acceptor(tcp_acceptor socket, std::string endpoint)
    : socket_(std::move(socket)), endpoint_(std::move(endpoint)) {}

acceptor::acceptor(unix_acceptor socket, const std::string& path)
    : socket_(std::move(socket)), endpoint_("unix:" + path), unix_path_(path) {}

acceptor::~acceptor() {
    stop();
}

void acceptor::start(on_accept handler) {
    assert(handler && !handler_);
    handler_ = std::move(handler);
    const auto executor = std::visit([](auto& socket) { return socket.get_executor(); }, socket_);
    asio::co_spawn(executor, run(shared_from_this()), asio::detached);
}

void acceptor::stop() noexcept {
    if (!is_open()) return;
    std::visit(
        [](auto& socket) {
            error_code ignored;
            socket.close(ignored);
        },
        socket_);
    if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

bool acceptor::is_open() const noexcept {
    return std::visit([](const auto& socket) { return socket.is_open(); }, socket_);
}

asio::awaitable<void> acceptor::run(std::shared_ptr<acceptor> self) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (self->is_open()) {
        error_code failed;
        auto socket = co_await self->accept(failed);
        if (!self->is_open()) break;
        if (!failed) {
            self->failures_ = 0;
            self->handler_(std::move(socket));
            continue;
        }
        self->log_failure(failed);
        pause.expires_after(pause_after_failure);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    }
    self->handler_ = nullptr;
}

asio::awaitable<stream_socket> acceptor::accept(error_code& failed) {
    if (auto* of_tcp = std::get_if<tcp_acceptor>(&socket_)) {
        auto socket = co_await of_tcp->async_accept(asio::redirect_error(asio::use_awaitable, failed));
        error_code ignored;
        if (!failed) socket.set_option(tcp::no_delay(true), ignored);
        co_return stream_socket(std::move(socket));
    }
    auto& of_unix = std::get<unix_acceptor>(socket_);
    co_return stream_socket(co_await of_unix.async_accept(asio::redirect_error(asio::use_awaitable, failed)));
}

// The first failure of a row, and one each ten seconds while it lasts.
void acceptor::log_failure(const error_code& why) {
    if (failures_++ % failures_a_line != 0) return;
    log_warn("accept_failed").with("endpoint", endpoint_).with("failures", failures_).with("reason", why.message());
}

}  // namespace penholder::tcp
