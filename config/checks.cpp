#include "checks.hpp"

#include "access_tokens.hpp"
#include "http_files.hpp"
#include "model/address.hpp"
#include "postgres/conninfo.hpp"
#include "tls/credentials.hpp"

#include <penholder/option_problem.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace penholder::config {
namespace {

void check_tokens(const std::string& text, const std::string& path, const table_reader& file, problems& found) {
    if (text.empty() && !file.accepted(path)) return;
    if (const auto problem = token_problem(text)) found.add(file.where(path), fmt::format("'{}'{}", path, *problem));
}

void check_http_advertised(const http_options& settings, const address& listen, const table_reader& file,
                           problems& found) {
    if (settings.advertise.empty()) {
        if (!listen.is_any()) return;
        return found.warn(file.where("http.listen"),
                          fmt::format("'http.listen' is {}, which operators' tools cannot connect to from elsewhere; "
                                      "set http.advertise to the address that they reach",
                                      settings.listen));
    }
    const auto advertised = parse_listen(settings.advertise);
    if (!advertised) {
        found.add(file.where("http.advertise"), fmt::format("'http.advertise': {}", advertised.error().message));
    } else if (!advertised->is_dialable()) {
        found.add(file.where("http.advertise"),
                  fmt::format("'http.advertise' is {}, which nobody can connect to; give the address and the port that "
                              "others reach",
                              settings.advertise));
    } else if (!listen.is_unix() && listen.port == 0) {
        found.add(file.where("http.listen"),
                  fmt::format("'http.listen' is {}, which takes any port that is free, and others look for {}; give it "
                              "the port that http.advertise stands for",
                              settings.listen, settings.advertise));
    }
}

void check_http_security(const http_options& settings, const address& listen, const table_reader& file,
                         problems& found) {
    const bool has_certificate = !settings.tls_cert_file.empty();
    if (has_certificate == settings.tls_key_file.empty()) {
        const auto* missing = has_certificate ? "http.tls_key_file" : "http.tls_cert_file";
        return found.add(
            file.where(missing),
            fmt::format("'{}' is missing; TLS for HTTP needs http.tls_cert_file and http.tls_key_file", missing));
    }
    if (!has_certificate) {
        if (settings.tls_client_ca_file.empty()) return;
        return found.add(file.where("http.tls_client_ca_file"),
                         "'http.tls_client_ca_file' asks clients for certificates, which needs TLS; set "
                         "http.tls_cert_file and http.tls_key_file");
    }
    if (listen.is_unix()) {
        return found.add(file.where("http.tls_cert_file"),
                         "'http.tls_cert_file' is for TCP, and http.listen is a unix socket, whose bytes do not leave "
                         "this host; remove one of them");
    }
    const auto usable = tls::read_credentials(tls::side::server, http_files(settings));
    if (!usable) return found.add(file.where("http.tls_cert_file"), usable.error().message);
    if (const auto trouble = (*usable)->trouble()) {
        found.warn(file.where("http.tls_cert_file"), "the certificate of 'http.tls_cert_file' " + *trouble);
    }
}

/// Tokens that anybody on the way can read.
void warn_of_plain_http(const http_options& settings, const address& listen, const table_reader& file,
                        problems& found) {
    if (listen.is_loopback() || !settings.tls_cert_file.empty()) return;
    found.warn(file.where("http.listen"),
               fmt::format("'http.listen' is {}, and HTTP is in plain text: whoever is on the way reads tokens and "
                           "writes; set http.tls_cert_file and http.tls_key_file, unless something else protects it",
                           settings.listen));
}

void check_http(const http_options& settings, const table_reader& file, problems& found) {
    if (settings.listen.empty()) return;
    const auto listen = parse_listen(settings.listen);
    if (!listen) found.add(file.where("http.listen"), fmt::format("'http.listen': {}", listen.error().message));
    if (listen && !listen->is_loopback() && settings.token.empty()) {
        found.add(file.where("http.listen"),
                  fmt::format("'http.listen' is {}, which strangers can reach, and there is no http.token; set "
                              "http.token_file, or listen on 127.0.0.1 or a unix socket",
                              settings.listen));
    }
    if (listen) {
        check_http_advertised(settings, *listen, file, found);
        check_http_security(settings, *listen, file, found);
        warn_of_plain_http(settings, *listen, file, found);
    }
    check_tokens(settings.token, "http.token", file, found);
    check_tokens(settings.operator_token, "http.operator_token", file, found);
    const auto applications = access_tokens(settings.token);
    const bool shared = std::ranges::any_of(access_tokens(settings.operator_token), [&](const access_token& each) {
        return std::ranges::find(applications, each.value, &access_token::value) != applications.end();
    });
    if (shared) {
        found.warn(file.where("http.operator_token"),
                   "'http.operator_token' has a token of http.token's, so applications may hand over the leadership");
    }
}

void check_databases(const std::vector<group_options>& groups, const table_reader& file, problems& found) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto path = fmt::format("group[{}].database", i);
        if (const auto unproven = postgres::unproven_servers(groups[i].database)) {
            found.warn(file.where(path), fmt::format("'group.database' {}", *unproven));
        }
    }
}

}  // namespace

void check(const configuration& settings, const table_reader& file, problems& found) {
    for (const auto& each : check_options(settings.node)) {
        const bool is_known = each.is_absent && !file.accepted(each.path);
        if (!is_known) found.add(file.where(each.path), each.message);
    }
    check_http(settings.http, file, found);
    check_databases(settings.node.groups, file, found);
}

}  // namespace penholder::config
