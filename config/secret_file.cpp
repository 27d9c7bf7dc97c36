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

error unusable(const std::string& path, std::string_view why) {
    return {errc::invalid_configuration, fmt::format("the file '{}' {}", path, why)};
}

}  // namespace

result<secret> read_secret(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return unusable(path, fmt::format("cannot be read: {}", std::strerror(errno)));
    if (!S_ISREG(about.st_mode)) return unusable(path, "is no regular file");
    if (about.st_size > most_bytes) return unusable(path, "is larger than 64 KiB; a secret is one short line");
    if ((about.st_mode & S_IWOTH) != 0) return unusable(path, "may be written by everybody; run chmod 600 on it");

    std::ifstream file(path, std::ios::binary);
    if (!file) return unusable(path, fmt::format("cannot be read: {}", std::strerror(errno)));
    secret found{std::string(std::istreambuf_iterator<char>(file), {}), {}};
    while (!found.value.empty() && (found.value.back() == '\n' || found.value.back() == '\r')) found.value.pop_back();
    if (found.value.empty()) return unusable(path, "is empty; write the secret into it");
    if ((about.st_mode & S_IROTH) != 0) {
        found.warning = fmt::format("the file '{}' may be read by everybody; run chmod 600 on it", path);
    }
    return found;
}

}  // namespace penholder::config
