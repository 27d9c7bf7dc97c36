#include "handshake_errors.hpp"

#include "message.hpp"

#include <algorithm>
#include <utility>

namespace penholder::wire {
namespace {

constexpr std::string_view same_protection = "give both the same [link] secret, or certificates of one authority";

error unauthorized(std::string message) {
    return {errc::unauthorized, std::move(message)};
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

}  // namespace

error version_mismatch(std::uint32_t theirs) {
    return {errc::protocol_mismatch, "the peer speaks version " + std::to_string(theirs) +
                                         " of the link protocol, this node speaks " + std::to_string(protocol_version) +
                                         "; run the same release on all nodes"};
}

error out_of_order() {
    return {errc::protocol_mismatch, "the peer sent another message than the handshake's next"};
}

error peer_speaks_tls() {
    return unauthorized("the peer speaks TLS and this node has neither link secret nor certificate; " +
                        std::string(same_protection));
}

error peer_speaks_no_tls() {
    return unauthorized("the peer speaks no TLS, so it has neither link secret nor certificate; " +
                        std::string(same_protection));
}

error plain_beyond_this_host(std::string_view endpoint) {
    return unauthorized("links beyond this host, such as to " + std::string(endpoint) +
                        ", need a link secret or certificates; " + std::string(same_protection));
}

error secret_refused(std::string_view endpoint) {
    return unauthorized("the peer did not accept this node's link secret for " + std::string(endpoint) +
                        "; give both the same [link] secret, and let that address lead to the node that advertises it");
}

error secret_not_used() {
    return unauthorized(
        "the peer answered with a certificate instead of the link secret; "
        "give both the same [link] secret");
}

error no_secret_offered() {
    return unauthorized("the peer offered no link secret; give both the same [link] secret");
}

error other_secret() {
    return unauthorized("the peer's link secret is none of this node's; give both the same [link] secret");
}

error other_endpoint(std::string_view dialled, std::string_view own) {
    return unauthorized("the peer wants to reach " + quoted(dialled) + " and this node is known as " + quoted(own) +
                        "; somebody between them sends it here, or [link] advertise is another node's");
}

error no_certificate() {
    return unauthorized("the peer shows no certificate; give it one of the same authority, [link] tls_cert_file");
}

error certificate_refused(std::string_view why) {
    return unauthorized("the peer's certificate is not accepted: " + std::string(why) +
                        "; see [link] tls_ca_file, and the peer's tls_cert_file");
}

error own_certificate_refused(std::string_view why) {
    return unauthorized("the peer does not accept this node's certificate: " + std::string(why) +
                        "; see [link] tls_cert_file, and the peer's tls_ca_file");
}

error other_name(const std::vector<std::string>& names, std::string_view node) {
    return unauthorized("the peer's certificate is for " + list(names) + " where node " + quoted(node) +
                        " is expected; give each node a certificate with its own name");
}

error tls_failed(std::string_view why) {
    return unauthorized("the TLS handshake failed: " + std::string(why));
}

bool is_named(const std::vector<std::string>& names, std::string_view node) noexcept {
    return std::ranges::find(names, node) != names.end();
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + quoted(name);
    return text.empty() ? "nobody" : text;
}

}  // namespace penholder::wire
