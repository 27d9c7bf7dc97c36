#include "cli/nodes/node_url.hpp"

#include <utility>

namespace penholder::cli {
namespace {

constexpr std::string_view plain_scheme = "http://";
constexpr std::string_view tls_scheme = "https://";

}  // namespace

result<node_url> parse_node_url(std::string_view text) {
    std::string_view rest = text;
    const bool by_tls = rest.starts_with(tls_scheme);
    const bool has_scheme = by_tls || rest.starts_with(plain_scheme);
    if (has_scheme) rest.remove_prefix(by_tls ? tls_scheme.size() : plain_scheme.size());
    if (rest.ends_with('/') && !rest.starts_with("unix:")) rest.remove_suffix(1);
    auto parsed = parse_listen(rest);
    if (!parsed || (parsed->is_unix() ? has_scheme : parsed->port == 0)) {
        return error{errc::invalid_argument, "'" + std::string(text) +
                                                 "' is no node's URL; write http://host:port, https://host:port or "
                                                 "unix:/path"};
    }
    if (parsed->is_any()) parsed->host = parsed->host.find(':') == std::string::npos ? "127.0.0.1" : "::1";
    return node_url{std::move(*parsed), by_tls};
}

std::string url_text(const node_url& where) {
    return where.at.is_unix() ? where.at.text()
                              : std::string(where.by_tls ? tls_scheme : plain_scheme) + where.at.text();
}

}  // namespace penholder::cli
