#pragma once

#include <penholder/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::config {

/// A place in the configuration file; line 0 stands for the file as a whole.
struct position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Collects everything that is wrong with one configuration file, so that people see it all at once.
class problems {
public:
    explicit problems(std::string source) : source_(std::move(source)) {}

    void add(position where, std::string_view message);
    void warn(position where, std::string_view message) { warnings_.push_back(line(where, message)); }

    std::size_t count() const noexcept { return errors_.size(); }
    bool none() const noexcept { return errors_.empty(); }
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

    /// All errors, a line each.
    error summary() const;

private:
    std::string line(position where, std::string_view message) const;

    std::string source_;
    std::vector<std::string> errors_;
    std::vector<std::string> warnings_;
};

}  // namespace penholder::config
