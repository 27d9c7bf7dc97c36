#include "security_watch.hpp"

#include "base/log_event.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds pause{2};
constexpr std::chrono::days soon{30};
constexpr std::chrono::hours between_lines{24};

std::int64_t days(std::chrono::seconds of) {
    return std::chrono::floor<std::chrono::days>(of).count();
}

}  // namespace

security_watch::security_watch(asio::any_io_executor strand, const options& settings,
                               std::shared_ptr<postgres::workers> threads)
    : strand_(std::move(strand)),
      settings_(settings.link),
      node_(settings.name),
      threads_(std::move(threads)),
      security_(std::make_shared<tcp::link_security>(node_)),
      timer_(strand_) {}

result<> security_watch::open() {
    auto found = tcp::read_link_material(settings_);
    if (!found) return found.error();
    last_ = std::move(*found);
    if (auto adopted = security_->adopt(last_); !adopted) return adopted.error();
    if (!settings_.secret_file.empty() || last_.has_certificates()) watch();
    return {};
}

void security_watch::close() {
    closed_ = true;
    timer_.cancel();
}

void security_watch::watch() {
    if (closed_) return;
    tell_of_end();
    timer_.expires_after(pause);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (!self || cancelled) return;
        self->look_again();
        self->watch();
    });
}

void security_watch::look_again() {
    if (closed_ || std::exchange(reading_, true)) return;
    asio::post(threads_->pool(), [weak = weak_from_this(), strand = strand_, settings = settings_] {
        auto read = tcp::read_link_material(settings);
        asio::post(strand, [weak, read = std::move(read)]() mutable {
            if (const auto self = weak.lock()) self->came(std::move(read));
        });
    });
}

void security_watch::came(result<tcp::link_material> read) {
    reading_ = false;
    if (closed_) return;
    if (!read) return keep_old(read.error());
    if (*read == last_ && complaint_.empty()) return;
    const bool is_other = *read != last_;
    last_ = std::move(*read);
    if (auto adopted = security_->adopt(last_); !adopted) return keep_old(adopted.error());
    complaint_.clear();
    if (!is_other) return;
    told_of_end_.reset();
    log_info("link_security_changed")
        .with("node", node_)
        .with("by", last_.has_certificates() ? "certificates" : "secret")
        .with("secrets", last_.secrets.size());
}

void security_watch::keep_old(const error& why) {
    if (std::exchange(complaint_, why.message) == why.message) return;
    log_warn("link_security_kept").with("node", node_).with("reason", why.message + "; the one before stays in use");
}

std::optional<std::chrono::seconds> security_watch::certificate_ends_in() const {
    const auto end = security_->expires();
    if (!end) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(*end - std::chrono::system_clock::now());
}

void security_watch::tell_of_end() {
    const auto left = certificate_ends_in();
    const auto now = std::chrono::steady_clock::now();
    if (!left || *left >= soon || (told_of_end_ && now - *told_of_end_ < between_lines)) return;
    told_of_end_ = now;
    if (left->count() > 0) {
        log_warn("link_certificate_ends_soon").with("node", node_).with("days", days(*left));
    } else {
        log_error("link_certificate_has_ended")
            .with("node", node_)
            .with("days", days(*left))
            .with("reason", "no other node accepts it; replace the file of link.tls_cert_file");
    }
}

}  // namespace penholder
