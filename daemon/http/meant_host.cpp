#include "daemon/http/meant_host.hpp"

#include "model/address.hpp"

#include <boost/beast/core/string.hpp>

namespace penholder::daemon {
namespace {

std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? host : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

}  // namespace

bool is_meant(const config::http_options& settings, std::string_view host) {
    const auto listen = parse_listen(settings.listen);
    if (host.empty() || !listen || listen->is_unix() || !listen->is_loopback()) return true;
    const auto name = without_port(host);
    if (boost::beast::iequals(name, "localhost") || address{std::string(name), 0, {}}.is_loopback()) return true;
    const auto advertised = parse_listen(settings.advertise);
    return advertised && boost::beast::iequals(name, advertised->host);
}

}  // namespace penholder::daemon
