#include "link_security.hpp"

#include "tls_transport.hpp"

#include <utility>

namespace penholder::tcp {

result<> link_security::adopt(const tls::material& what) {
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

result<kept_link_security> keep_link_security(const link_options& settings, const std::string& node,
                                              boost::asio::any_io_executor owner,
                                              boost::asio::any_io_executor reading) {
    kept_link_security kept{std::make_shared<link_security>(node), nullptr};
    tls::file_watch::subject links{"links", node, [settings] { return read_link_material(settings); },
                                   [now = kept.now](const tls::material& found) -> result<tls::file_watch::end> {
                                       if (auto adopted = now->adopt(found); !adopted) return adopted.error();
                                       return now->expires();
                                   }};
    kept.files = std::make_shared<tls::file_watch>(std::move(owner), std::move(reading), std::move(links));
    if (auto opened = kept.files->open(); !opened) return opened.error();
    return kept;
}

}  // namespace penholder::tcp
