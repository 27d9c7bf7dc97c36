#include "http_files.hpp"

namespace penholder::config {

tls::files http_files(const http_options& of) {
    return {{"http.tls_cert_file", "http.tls_key_file", "http.tls_client_ca_file"},
            of.tls_cert_file,
            of.tls_key_file,
            of.tls_client_ca_file};
}

std::string published(const http_options& of, const std::string& where) {
    const bool is_by_tls = !of.tls_cert_file.empty() && !where.empty() && !where.starts_with("unix:");
    return is_by_tls ? "https://" + where : where;
}

}  // namespace penholder::config
