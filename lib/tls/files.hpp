#pragma once

#include <penholder/error.hpp>

#include <string>
#include <string_view>

namespace penholder::tls {

/// Where certificates are kept: paths, and the table of the configuration whose keys name them: "link.tls_cert_file".
struct files {
    std::string_view table;  ///< A literal.
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

/// Reads them. Blocks as reading files does; any thread. Errors: invalid_configuration, as of `read_file`.
result<texts> read(const files& which);

/// The text of the file that the key `table`.`key` names. Errors: invalid_configuration, with that key and the file: it
/// cannot be read, is empty or too large, or others than its owner may read it though it is to be kept secret.
result<std::string> read_file(std::string_view table, std::string_view key, const std::string& path, bool secret);

/// What is wrong with that file.
error unusable(std::string_view table, std::string_view key, const std::string& path, std::string_view why);

}  // namespace penholder::tls
