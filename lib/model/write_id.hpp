#pragma once

#include <penholder/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace penholder {

/// Whether `text` is fit to be an application's own name for a write: 1 to 256 bytes of printable ASCII, not beginning
/// with '~'. Errors: malformed_write.
result<> check_key(std::string_view text);

/// An application's own name for a write. Always fit, as check_key says.
class application_key {
public:
    /// Errors: malformed_write.
    static result<application_key> parse(std::string text);

    const std::string& text() const noexcept { return text_; }
    std::string take_text() && { return std::move(text_); }

    friend bool operator==(const application_key&, const application_key&) = default;

private:
    explicit application_key(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// The name that an origin node gives to a write without one: "~<node>.<incarnation>.<sequence>", with
/// "<node>.<incarnation>" as the origin.
class origin_write_id {
public:
    /// `origin` is what make_origin gave, `sequence` is not 0.
    origin_write_id(std::string_view origin, std::uint64_t sequence);

    /// Nothing where `text` is no name that a node gives.
    static std::optional<origin_write_id> parse(std::string_view text);

    std::string_view origin() const noexcept { return std::string_view(text_).substr(1, origin_size_); }
    std::uint64_t sequence() const noexcept { return sequence_; }
    const std::string& text() const noexcept { return text_; }
    std::string take_text() && { return std::move(text_); }

    friend bool operator==(const origin_write_id&, const origin_write_id&) = default;

private:
    friend class write_id;
    origin_write_id(std::string text, std::size_t origin_size, std::uint64_t sequence)
        : text_(std::move(text)), origin_size_(origin_size), sequence_(sequence) {}

    std::string text_;
    std::size_t origin_size_ = 0;
    std::uint64_t sequence_ = 0;
};

/// What names a write, whoever named it. The ledger keeps the two kinds apart.
class write_id {
public:
    write_id(application_key key) : value_(std::move(key)) {}
    write_id(origin_write_id given) : value_(std::move(given)) {}

    /// Errors: malformed_write, where `text` is of neither kind.
    static result<write_id> parse(std::string text);

    const std::string& text() const noexcept;
    std::string take_text() &&;

    /// Set where a node gave the id.
    const origin_write_id* given() const noexcept { return std::get_if<origin_write_id>(&value_); }

    friend bool operator==(const write_id&, const write_id&) = default;

private:
    std::variant<application_key, origin_write_id> value_;
};

}  // namespace penholder
