#include "secret_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace penholder::config {
namespace {

constexpr off_t most_bytes = 64 * 1024;
constexpr mode_t open_to_others = S_IROTH | S_IWOTH | S_IWGRP;
constexpr mode_t all_permissions = 07777;

error unusable(const std::string& path, std::string_view why) {
    return {errc::invalid_configuration, fmt::format("the file '{}' {}", path, why)};
}

}  // namespace

result<std::string> read_secret(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return unusable(path, fmt::format("cannot be read: {}", std::strerror(errno)));
    if (!S_ISREG(about.st_mode)) return unusable(path, "is no regular file");
    if (about.st_size > most_bytes) return unusable(path, "is larger than 64 KiB; a secret is one short line");
    if ((about.st_mode & open_to_others) != 0) {
        return unusable(path, fmt::format("has mode {:04o}, so others may read or write it; run chmod 600 on it, or "
                                          "chmod 640 where its group is penholderd's",
                                          about.st_mode & all_permissions));
    }

    std::ifstream file(path, std::ios::binary);
    if (!file) return unusable(path, fmt::format("cannot be read: {}", std::strerror(errno)));
    std::string found(std::istreambuf_iterator<char>(file), {});
    while (!found.empty() && (found.back() == '\n' || found.back() == '\r')) found.pop_back();
    if (found.find_first_not_of(" \t\r\n") == std::string::npos) {
        return unusable(path, "is empty; write the secret into it");
    }
    return found;
}

}  // namespace penholder::config
