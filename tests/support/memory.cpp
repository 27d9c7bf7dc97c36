#include "memory.hpp"

#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace penholder::testing {

std::size_t resident_bytes(pid_t of) {
    const auto path = "/proc/" + (of == 0 ? std::string("self") : std::to_string(of)) + "/statm";
    std::ifstream file(path);
    std::size_t pages = 0;
    file >> pages >> pages;  // All of its address space, then what is resident.
    if (!file) throw std::runtime_error("cannot read " + path);
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t peak_resident_bytes(pid_t of) {
    const auto path = "/proc/" + std::to_string(of) + "/status";
    std::ifstream file(path);
    for (std::string word; file >> word;) {
        std::size_t kibibytes = 0;
        if (word == "VmHWM:" && file >> kibibytes) return kibibytes * 1024;
    }
    throw std::runtime_error("cannot read " + path);
}

}  // namespace penholder::testing
