#include "cli/sources.hpp"

#include "config/access_tokens.hpp"
#include "config/secret_file.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace penholder::cli {
namespace {

std::string first_of(const std::string& flag, const config::environment& variables, const char* name) {
    return flag.empty() ? variables(name).value_or("") : flag;
}

// Of several tokens, which a node takes while they rotate, one is as good as another.
std::string first_token(std::string_view text) {
    const auto all = config::access_tokens(text);
    return all.empty() ? std::string() : std::string(all.front().value);
}

result<> take_configuration(const std::string& file, const config::environment& variables, sources& into) {
    auto read = config::read(file, variables);
    if (!read) return read.error();
    into.ensemble = read->node.zookeeper;
    into.token = first_token(read->http.token);
    into.operator_token = read->http.operator_token.empty() ? into.token : first_token(read->http.operator_token);
    into.configured = std::move(*read);
    return {};
}

/// Flags and variables for it count for themselves: with other files than the configuration has.
void take_ensemble_security(const arguments& asked, const config::environment& variables, zookeeper_options& into) {
    const auto take = [&](const std::string& flag, const char* name, std::string& to) {
        if (auto file = first_of(flag, variables, name); !file.empty()) to = std::move(file);
    };
    take(asked.ensemble_ca_file, "PENHOLDER_ZOOKEEPER_CA_FILE", into.tls_ca_file);
    take(asked.ensemble_cert_file, "PENHOLDER_ZOOKEEPER_CERT_FILE", into.tls_cert_file);
    take(asked.ensemble_key_file, "PENHOLDER_ZOOKEEPER_KEY_FILE", into.tls_key_file);
}

result<> check_ensemble_security(const zookeeper_options& found) {
    const bool has_certificate = !found.tls_cert_file.empty();
    if (has_certificate == found.tls_key_file.empty()) {
        return error{errc::invalid_argument,
                     "--zookeeper-cert-file and --zookeeper-key-file belong together; give both"};
    }
    if (has_certificate && found.tls_ca_file.empty()) {
        return error{errc::invalid_argument, "--zookeeper-cert-file is of no use without --zookeeper-ca-file"};
    }
    return {};
}

/// Whose certificates nodes may have, and what they are shown.
result<> take_trust(const arguments& asked, const config::environment& variables, sources& into) {
    const tls::files files{{"--cert-file", "--key-file", "--ca-file"},
                           first_of(asked.cert_file, variables, "PENHOLDER_CERT_FILE"),
                           first_of(asked.key_file, variables, "PENHOLDER_KEY_FILE"),
                           first_of(asked.ca_file, variables, "PENHOLDER_CA_FILE")};
    if (files.certificates.empty() != files.private_key.empty()) {
        return error{errc::invalid_argument, "--cert-file and --key-file belong together; give both"};
    }
    auto made = tls::read_credentials(tls::side::client, files);
    if (!made) return error{errc::invalid_argument, made.error().message};
    into.trust = std::move(*made);
    return {};
}

result<> take_secret(const std::string& file, std::string& into) {
    if (file.empty()) return {};
    auto read = config::read_secret(file);
    if (!read) return error{errc::invalid_argument, read.error().message};
    into = std::move(*read);
    return {};
}

// The node that the configuration describes, as it can be reached from its own machine.
std::string configured_node(const sources& from) {
    return from.configured ? from.configured->node.http_endpoint : std::string();
}

result<> take_nodes(std::vector<std::string> urls, const config::environment& variables, sources& into) {
    if (urls.empty()) {
        std::istringstream listed(variables("PENHOLDER_NODES").value_or(""));
        for (std::string url; std::getline(listed, url, ',');) urls.push_back(url);
    }
    if (urls.empty() && !configured_node(into).empty()) urls.push_back(configured_node(into));
    for (const std::string& url : urls) {
        auto parsed = parse_node_url(url);
        if (!parsed) return parsed.error();
        into.nodes.push_back(std::move(*parsed));
    }
    return {};
}

}  // namespace

result<std::string> sources::token_for(const node_url& where, const std::string& which) const {
    const auto url = url_text(where);
    const bool is_named = std::ranges::any_of(nodes, [&](const auto& each) { return url_text(each) == url; });
    if (which.empty() || where.at.is_loopback() || is_named || !ensemble.digest.empty()) return which;
    return error{
        errc::unauthorized,
        "the token was not sent to " + url +
            ", because that address was read from the ensemble, into which anybody may write without a digest; "
            "vouch for it with --node " +
            url + ", or give the ensemble's digest with --digest-file"};
}

result<sources> find_sources(const arguments& asked, const config::environment& variables) {
    sources found;
    if (const auto file = first_of(asked.config_file, variables, "PENHOLDER_CONFIG"); !file.empty()) {
        if (auto taken = take_configuration(file, variables, found); !taken) return taken.error();
    }
    if (auto hosts = first_of(asked.zookeeper, variables, "PENHOLDER_ZOOKEEPER"); !hosts.empty()) {
        found.ensemble.hosts = std::move(hosts);
    }
    if (auto root = first_of(asked.root, variables, "PENHOLDER_ROOT"); !root.empty()) found.ensemble.root = root;
    take_ensemble_security(asked, variables, found.ensemble);
    if (auto sound = check_ensemble_security(found.ensemble); !sound) return sound.error();
    if (auto taken = take_secret(asked.digest_file, found.ensemble.digest); !taken) return taken.error();
    if (!asked.token_file.empty()) {
        if (auto taken = take_secret(asked.token_file, found.token); !taken) return taken.error();
        found.token = first_token(found.token);
        found.operator_token = found.token;
    }
    if (auto taken = take_trust(asked, variables, found); !taken) return taken.error();
    if (auto taken = take_nodes(asked.nodes, variables, found); !taken) return taken.error();
    return found;
}

}  // namespace penholder::cli
