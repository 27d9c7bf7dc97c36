#include "link_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace penholder::tcp {
namespace {

constexpr off_t most_bytes = 1024 * 1024;
constexpr std::size_t most_secrets = 2;

error unusable(std::string_view key, const std::string& path, std::string_view why) {
    return {errc::invalid_configuration,
            "'link." + std::string(key) + "': the file '" + path + "' " + std::string(why)};
}

// As PostgreSQL has it for its key: the owner alone, or root's file that a group may read.
bool is_kept_secret(const struct stat& about) {
    const mode_t others = about.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return (about.st_mode & others) == 0;
}

result<std::string> read_file(std::string_view key, const std::string& path, bool secret) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        return unusable(key, path, std::string("cannot be read: ") + std::strerror(errno));
    }
    if (!S_ISREG(about.st_mode)) return unusable(key, path, "is no regular file");
    if (about.st_size > most_bytes) return unusable(key, path, "is larger than 1 MiB");
    if (secret && !is_kept_secret(about)) {
        return unusable(key, path,
                        "is open to others than its owner; run chmod 600 on it, or chown it to root and chmod 640");
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) return unusable(key, path, std::string("cannot be read: ") + std::strerror(errno));
    std::string found(std::istreambuf_iterator<char>(file), {});
    if (found.find_first_not_of("\r\n") == std::string::npos) return unusable(key, path, "is empty");
    return found;
}

result<std::vector<std::string>> read_secrets(const std::string& path) {
    const auto text = read_file("secret_file", path, true);
    if (!text) return text.error();
    std::vector<std::string> found;
    for (std::size_t begin = 0; begin < text->size();) {
        const auto end = std::min(text->find('\n', begin), text->size());
        std::string line = text->substr(begin, end - begin);
        while (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) found.push_back(std::move(line));
        begin = end + 1;
    }
    if (found.size() > most_secrets) {
        return unusable("secret_file", path,
                        "has " + std::to_string(found.size()) +
                            " lines; it holds one secret, or the one in use and the one that comes or goes");
    }
    return found;
}

}  // namespace

result<link_material> read_link_material(const link_options& settings) {
    link_material made;
    if (!settings.secret.empty()) made.secrets.push_back(settings.secret);
    if (!settings.secret_file.empty()) {
        auto secrets = read_secrets(settings.secret_file);
        if (!secrets) return secrets.error();
        made.secrets = std::move(*secrets);
    }
    if (settings.tls_cert_file.empty()) return made;
    const auto read = [](std::string_view key, const std::string& path, bool secret, std::string& into) -> result<> {
        auto found = read_file(key, path, secret);
        if (!found) return found.error();
        into = std::move(*found);
        return {};
    };
    auto all = read("tls_cert_file", settings.tls_cert_file, false, made.certificates);
    if (all) all = read("tls_key_file", settings.tls_key_file, true, made.private_key);
    if (all) all = read("tls_ca_file", settings.tls_ca_file, false, made.authorities);
    if (!all) return all.error();
    return made;
}

}  // namespace penholder::tcp
