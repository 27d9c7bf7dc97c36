#include "ensemble_files.hpp"

namespace penholder::zookeeper {

tls::files ensemble_files(const zookeeper_options& of) {
    return {{"zookeeper.tls_cert_file", "zookeeper.tls_key_file", "zookeeper.tls_ca_file"},
            of.tls_cert_file,
            of.tls_key_file,
            of.tls_ca_file};
}

}  // namespace penholder::zookeeper
