#include "cli/nodes/node_url.hpp"

namespace penholder::cli {
namespace {

constexpr std::string_view scheme = "http://";

}  // namespace

result<address> parse_node_url(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    if (rest.ends_with('/') && !rest.starts_with("unix:")) rest.remove_suffix(1);
    auto parsed = parse_listen(rest);
    if (!parsed || (!parsed->is_unix() && parsed->port == 0)) {
        return error{errc::invalid_argument,
                     "'" + std::string(text) + "' is no node's URL; write http://host:port or unix:/path"};
    }
    if (parsed->is_any()) parsed->host = parsed->host.find(':') == std::string::npos ? "127.0.0.1" : "::1";
    return *parsed;
}

std::string url_text(const address& where) {
    if (where.is_unix()) return "unix:" + where.path;
    const bool v6 = where.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + where.host + "]" : where.host;
    return std::string(scheme) + host + ":" + std::to_string(where.port);
}

}  // namespace penholder::cli
