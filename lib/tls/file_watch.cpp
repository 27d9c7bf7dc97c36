#include "file_watch.hpp"

#include "base/log_event.hpp"

#include <boost/asio/post.hpp>

#include <cstdint>
#include <utility>

namespace penholder::tls {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds between_looks{2};
constexpr std::chrono::days soon{30};
constexpr std::chrono::hours between_lines{24};

std::int64_t days(std::chrono::seconds of) {
    return std::chrono::floor<std::chrono::days>(of).count();
}

}  // namespace

file_watch::file_watch(asio::any_io_executor owner, asio::any_io_executor reading, subject about)
    : owner_(std::move(owner)), reading_(std::move(reading)), about_(std::move(about)), timer_(owner_) {}

result<> file_watch::open() {
    auto found = about_.read();
    if (!found) return found.error();
    last_ = std::move(*found);
    if (auto adopted = adopt(last_); !adopted) return adopted.error();
    if (!last_.is_empty()) watch();
    return {};
}

void file_watch::close() {
    closed_ = true;
    timer_.cancel();
}

void file_watch::watch() {
    if (closed_) return;
    tell_of_end();
    timer_.expires_after(between_looks);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (!self || cancelled) return;
        self->look_again();
        self->watch();
    });
}

void file_watch::look_again() {
    if (closed_ || std::exchange(is_reading_, true)) return;
    asio::post(reading_, [weak = weak_from_this(), owner = owner_, read = about_.read] {
        auto found = read();
        asio::post(owner, [weak, found = std::move(found)]() mutable {
            if (const auto self = weak.lock()) self->came(std::move(found));
        });
    });
}

void file_watch::came(result<material> read) {
    is_reading_ = false;
    if (closed_) return;
    if (!read) return keep_old(read.error());
    if (*read == last_ && complaint_.empty()) return;
    last_ = std::move(*read);
    if (auto adopted = adopt(last_); !adopted) return keep_old(adopted.error());
    complaint_.clear();
    told_of_end_.reset();
    log_info("security_changed")
        .with("of", about_.of)
        .with_where_set("node", about_.node)
        .with("certificate", last_.has_certificates())
        .with("secrets", last_.secrets.size());
}

result<> file_watch::adopt(const material& what) {
    const auto ends = about_.adopt(what);
    if (!ends) return ends.error();
    ends_ = ends->value_or(std::chrono::system_clock::time_point{});
    return {};
}

void file_watch::keep_old(const error& why) {
    if (std::exchange(complaint_, why.message) == why.message) return;
    log_warn("security_kept")
        .with("of", about_.of)
        .with_where_set("node", about_.node)
        .with("reason", why.message + "; the one before stays in use");
}

std::optional<std::chrono::seconds> file_watch::certificate_ends_in() const {
    const auto end = ends_.load();
    if (end == std::chrono::system_clock::time_point{}) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(end - std::chrono::system_clock::now());
}

void file_watch::tell_of_end() {
    const auto left = certificate_ends_in();
    const auto now = std::chrono::steady_clock::now();
    if (!left || *left >= soon || (told_of_end_ && now - *told_of_end_ < between_lines)) return;
    told_of_end_ = now;
    if (left->count() > 0) {
        log_warn("certificate_ends_soon")
            .with("of", about_.of)
            .with_where_set("node", about_.node)
            .with("days", days(*left));
    } else {
        log_error("certificate_has_ended")
            .with("of", about_.of)
            .with_where_set("node", about_.node)
            .with("days", days(*left))
            .with("reason", "nobody accepts it any more; replace the file of its tls_cert_file");
    }
}

std::function<result<material>()> reading(files which) {
    return [which = std::move(which)]() -> result<material> {
        auto found = read(which);
        if (!found) return found.error();
        return material{{}, std::move(*found)};
    };
}

}  // namespace penholder::tls
