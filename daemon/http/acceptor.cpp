#include "daemon/http/acceptor.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace penholder::daemon {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using unix_stream = asio::local::stream_protocol;
using boost::system::error_code;

constexpr mode_t only_owner_and_group = 0117;

error cannot(std::string_view what, const boost::system::system_error& failed) {
    return {errc::invalid_argument, fmt::format("http.listen: cannot listen on {}: {}; choose another address or stop "
                                                "the process that has it",
                                                what, failed.code().message())};
}

/// Removes a socket that a process left behind when it died. A socket that answers stays, and `bind` will fail.
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

result<acceptor> acceptor::open(const asio::any_io_executor& executor, const address& at) {
    return at.is_unix() ? open_unix(executor, at.path) : open_tcp(executor, at);
}

result<acceptor> acceptor::open_tcp(const asio::any_io_executor& executor, const address& at) {
    try {
        tcp::resolver resolver(executor);
        const auto found = resolver.resolve(at.host, std::to_string(at.port), tcp::resolver::passive);
        return acceptor(tcp_acceptor(executor, found.begin()->endpoint()));
    } catch (const boost::system::system_error& failed) {
        return cannot(fmt::format("{}:{}", at.host, at.port), failed);
    }
}

result<acceptor> acceptor::open_unix(const asio::any_io_executor& executor, const std::string& path) {
    try {
        remove_stale(executor, path);
        const narrow_umask narrow;
        return acceptor(unix_acceptor(executor, unix_stream::endpoint(path)), path);
    } catch (const boost::system::system_error& failed) {
        return cannot(path, failed);
    }
}

acceptor::~acceptor() {
    close();
}

asio::awaitable<stream_socket> acceptor::accept() {
    if (auto* tcp_side = std::get_if<tcp_acceptor>(&acceptor_)) {
        auto socket = co_await tcp_side->async_accept(asio::use_awaitable);
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        co_return stream_socket(std::move(socket));
    }
    co_return stream_socket(co_await std::get<unix_acceptor>(acceptor_).async_accept(asio::use_awaitable));
}

void acceptor::close() {
    const bool was_open = std::visit(
        [](auto& inner) {
            const bool is_open = inner.is_open();
            error_code ignored;
            inner.close(ignored);
            return is_open;
        },
        acceptor_);
    if (was_open && !path_.empty()) ::unlink(path_.c_str());
}

std::string acceptor::endpoint() const {
    const auto* tcp_side = std::get_if<tcp_acceptor>(&acceptor_);
    if (tcp_side == nullptr) return "unix:" + path_;
    const auto local = tcp_side->local_endpoint();
    const auto host = local.address().to_string();
    return fmt::format(fmt::runtime(local.address().is_v6() ? "[{}]:{}" : "{}:{}"), host, local.port());
}

}  // namespace penholder::daemon
