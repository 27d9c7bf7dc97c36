#include "checks.hpp"

#include "model/address.hpp"

#include <penholder/option_problem.hpp>

#include <fmt/format.h>

namespace penholder::config {
namespace {

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
    if (!settings.operator_token.empty() && settings.operator_token == settings.token) {
        found.warn(file.where("http.operator_token"),
                   "'http.operator_token' equals http.token, so every application may hand over the leadership");
    }
}

}  // namespace

void check(const configuration& settings, const table_reader& file, problems& found) {
    for (const auto& each : check_options(settings.node)) {
        const bool is_known = each.is_absent && !file.accepted(each.path);
        if (!is_known) found.add(file.where(each.path), each.message);
    }
    check_http(settings.http, file, found);
}

}  // namespace penholder::config
