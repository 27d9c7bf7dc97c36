#include "binding.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace penholder::tcp {

std::string binding_of(const std::string& bound) {
    std::string boot;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id") >> std::ws, boot);
    std::error_code failed;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/net", failed);
    if (boot.empty() || failed) return {};
    return boot + " " + space.string() + " " + bound;
}

}  // namespace penholder::tcp
