#pragma once

#include <filesystem>

namespace penholder::testing {

/// A folder of a test's own under $TMPDIR or /tmp, removed with everything in it when the object ends. Other users may
/// pass through it, because PostgreSQL will not run as root.
class temporary_directory {
public:
    temporary_directory();
    ~temporary_directory();
    temporary_directory(temporary_directory&& other) noexcept;
    temporary_directory& operator=(temporary_directory&&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}  // namespace penholder::testing
