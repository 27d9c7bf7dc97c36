#include "temporary_directory.hpp"

#include <cstdlib>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <utility>

namespace penholder::testing {

temporary_directory::temporary_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "penholder-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

temporary_directory::temporary_directory(temporary_directory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

}  // namespace penholder::testing
