#include "measured_read.hpp"

#include <libpq-fe.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace penholder::postgres {
namespace {

class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const noexcept { return number_; }
    bool is_open() const noexcept { return number_ >= 0; }

private:
    int number_;
};

/// Puts `bytes` in the place of what libpq reads from, and has it read them. Its own socket, which `own` refers to,
/// then gets its number back, and whatever waits for that socket by this number goes on waiting.
bool feed(PGconn* handle, const descriptor& own, const descriptor& in, const descriptor& out, const char* bytes,
          std::size_t count) {
    const int number = PQsocket(handle);
    if (::send(in.number(), bytes, count, MSG_NOSIGNAL) != static_cast<ssize_t>(count)) return false;
    if (::dup3(out.number(), number, O_CLOEXEC) < 0) return false;
    bool alive = true;
    for (int left = 1; alive && left > 0;) {  // libpq may have less room at a time.
        alive = PQconsumeInput(handle) == 1 && ::ioctl(number, FIONREAD, &left) == 0;
    }
    return ::dup3(own.number(), number, O_CLOEXEC) >= 0 && alive;
}

}  // namespace

/// What was to be sent is sent first: libpq would send it before it reads.
bool measured_read(PGconn* handle) {
    std::array<int, 2> ends{-1, -1};
    const descriptor own(::fcntl(PQsocket(handle), F_DUPFD_CLOEXEC, 0));
    const bool has_pair = own.is_open() && PQflush(handle) == 0 &&
                          ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0;
    const descriptor in(ends[0]);
    const descriptor out(ends[1]);
    if (!has_pair) return PQconsumeInput(handle) == 1;
    std::array<char, measured_read_bytes> piece;
    const auto got = ::recv(own.number(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) return PQconsumeInput(handle) == 1;
    return feed(handle, own, in, out, piece.data(), static_cast<std::size_t>(got));
}

}  // namespace penholder::postgres
