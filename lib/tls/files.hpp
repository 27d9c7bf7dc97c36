#pragma once

#include <penholder/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::tls {

/// What operators call each file by: "link.tls_cert_file". Literals.
struct file_keys {
    std::string_view certificates;
    std::string_view private_key;
    std::string_view authorities;
};

/// Where certificates are kept; empty paths are of files that there are not.
struct files {
    file_keys keys;
    std::string certificates;
    std::string private_key;
    std::string authorities;
};

/// What they hold, in PEM form; empty where there is no path.
struct texts {
    std::string certificates;  ///< One's own, then those between it and its authority.
    std::string private_key;
    std::string authorities;

    friend bool operator==(const texts&, const texts&) = default;
};

/// All that can protect connections, as files say at one moment: secrets, certificates, or nothing.
struct material {
    std::vector<std::string> secrets;  ///< The first is for dialling, each lets a peer in; at most two.
    texts certificates;

    bool has_certificates() const noexcept { return !certificates.certificates.empty(); }
    bool is_empty() const noexcept { return secrets.empty() && certificates == texts{}; }
    friend bool operator==(const material&, const material&) = default;
};

/// Reads them. Blocks as reading files does; any thread. Errors: invalid_configuration, as of `read_file`.
result<texts> read(const files& which);

/// The text of the file that `key` names. Errors: invalid_configuration, with that key and the file: it cannot be read,
/// is empty or too large, or others than its owner may read it though it is to be kept secret.
result<std::string> read_file(std::string_view key, const std::string& path, bool secret);

/// What is wrong with that file.
error unusable(std::string_view key, const std::string& path, std::string_view why);

}  // namespace penholder::tls
