#include "http_files.hpp"

namespace penholder::config {

tls::files http_files(const http_options& of) {
    return {{"http.tls_cert_file", "http.tls_key_file", "http.tls_client_ca_file"},
            of.tls_cert_file,
            of.tls_key_file,
            of.tls_client_ca_file};
}

}  // namespace penholder::config
