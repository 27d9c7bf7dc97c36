#include "files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <utility>

namespace penholder::tls {
namespace {

constexpr off_t most_bytes = 1024 * 1024;

// As PostgreSQL has it for its key: the owner alone, or root's file that a group may read.
bool is_kept_secret(const struct stat& about) {
    const mode_t others = about.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    return (about.st_mode & others) == 0;
}

}  // namespace

error unusable(std::string_view key, const std::string& path, std::string_view why) {
    return {errc::invalid_configuration, "'" + std::string(key) + "': the file '" + path + "' " + std::string(why)};
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

result<texts> read(const files& which) {
    texts found;
    const auto into = [&](std::string_view key, const std::string& path, bool secret, std::string& text) -> result<> {
        if (path.empty()) return {};
        auto held = read_file(key, path, secret);
        if (!held) return held.error();
        text = std::move(*held);
        return {};
    };
    auto all = into(which.keys.certificates, which.certificates, false, found.certificates);
    if (all) all = into(which.keys.private_key, which.private_key, true, found.private_key);
    if (all) all = into(which.keys.authorities, which.authorities, false, found.authorities);
    if (!all) return all.error();
    return found;
}

}  // namespace penholder::tls
