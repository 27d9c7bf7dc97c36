#include "proxied_connection.hpp"

#include <algorithm>
#include <utility>

namespace penholder::testing {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t most_chunks = 64;

void reset(pump::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

}  // namespace

pump::pump(socket& from, socket& to, weather& sky, std::function<void()> ended)
    : from_(from), to_(to), sky_(sky), on_end_(std::move(ended)), timer_(from.get_executor()) {}

void pump::start(std::weak_ptr<void> owner) {
    owner_ = std::move(owner);
    read();
}

void pump::read() {
    if (reading_ || closed_ || waiting_.size() >= most_chunks) return;
    reading_ = true;
    from_.async_read_some(boost::asio::buffer(buffer_), [this, owner = owner_.lock()](auto failure, std::size_t count) {
        reading_ = false;
        if (!closed_) have_read(count, !failure);
    });
}

void pump::have_read(std::size_t count, bool more) {
    sky_.held += count;
    waiting_.push_back({clock::now() + sky_.late, std::string(buffer_.data(), count)});
    move();
    if (more) read();
}

void pump::move() {
    if (closed_ || writing_ || waiting_.empty()) return;
    if (waiting_.front().due > clock::now()) return wake_at(waiting_.front().due);
    auto bytes = take_allowed();
    if (!bytes) return;
    if (bytes->empty()) return end();
    write(std::move(*bytes));
}

std::optional<std::string> pump::take_allowed() {
    if (sky_.holding && sky_.allowed == 0) return std::nullopt;
    auto& bytes = waiting_.front().bytes;
    const auto count = sky_.holding ? std::min(sky_.allowed, bytes.size()) : bytes.size();
    auto taken = bytes.substr(0, count);
    if (sky_.holding) sky_.allowed -= count;
    sky_.held -= count;
    bytes.erase(0, count);
    if (bytes.empty()) waiting_.pop_front();
    return taken;
}

void pump::write(std::string bytes) {
    writing_ = true;
    sky_.carried += bytes.size();  // Before they arrive: who has them may ask at once how many there were.
    auto data = std::make_shared<std::string>(std::move(bytes));
    boost::asio::async_write(to_, boost::asio::buffer(*data),
                             [this, data, owner = owner_.lock()](auto failure, std::size_t /*count*/) {
                                 writing_ = false;
                                 if (failure || closed_) return;
                                 move();
                                 read();
                             });
}

void pump::end() {
    boost::system::error_code ignored;
    to_.shutdown(socket::shutdown_send, ignored);
    ended_ = true;
    on_end_();
}

void pump::wake_at(clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([this, owner = owner_.lock()](auto failure) {
        if (!failure) move();
    });
}

void pump::close() {
    closed_ = true;
    timer_.cancel();
    for (const auto& one : waiting_) sky_.held -= one.bytes.size();
    waiting_.clear();
}

proxied_connection::proxied_connection(pump::socket client, pump::socket target, weather& requests, weather& replies,
                                       std::function<void()> gone)
    : client_(std::move(client)),
      target_(std::move(target)),
      requests_(client_, target_, requests, [this, gone] { return replies_.ended() ? gone() : void(); }),
      replies_(target_, client_, replies, [this, gone] { return requests_.ended() ? gone() : void(); }) {}

void proxied_connection::start() {
    boost::system::error_code ignored;
    client_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
    target_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
    requests_.start(weak_from_this());
    replies_.start(weak_from_this());
}

void proxied_connection::move() {
    requests_.move();
    replies_.move();
}

void proxied_connection::cut() {
    requests_.close();
    replies_.close();
    reset(client_);
    reset(target_);
}

void proxied_connection::half_open() {
    requests_.close();
    replies_.close();
    boost::system::error_code ignored;
    client_.cancel(ignored);
    reset(target_);
}

}  // namespace penholder::testing
