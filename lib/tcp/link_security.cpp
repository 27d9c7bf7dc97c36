#include "link_security.hpp"

#include "tls_transport.hpp"

#include <utility>

namespace penholder::tcp {

result<> link_security::adopt(const link_material& what) {
    if (what.is_empty()) return {};
    auto made = link_credentials::make(what, node_);
    if (!made) return made.error();
    now_ = std::move(*made);
    return {};
}

std::optional<std::chrono::system_clock::time_point> link_security::expires() const noexcept {
    return now_ ? now_->expires() : std::nullopt;
}

std::unique_ptr<transport> link_security::protect(stream_socket connected, tls_end end, std::string endpoint) const {
    if (!now_) return make_plain_transport(std::move(connected));
    return make_tls_transport(std::move(connected), std::make_unique<tls_engine>(now_, end, std::move(endpoint)));
}

result<std::shared_ptr<link_security>> make_link_security(const link_options& settings, const std::string& node) {
    const auto found = read_link_material(settings);
    if (!found) return found.error();
    auto made = std::make_shared<link_security>(node);
    if (auto adopted = made->adopt(*found); !adopted) return adopted.error();
    return made;
}

}  // namespace penholder::tcp
