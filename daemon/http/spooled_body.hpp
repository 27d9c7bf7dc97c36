#pragma once

#include <penholder/error.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>

namespace penholder::daemon {

/// A large body on its way, in a temporary file without a name: however many there are and however slowly their clients
/// read, they take no memory of the node. Read once, from its beginning.
class spooled_body {
public:
    /// The document as text. Errors: internal, where the file cannot be made or written.
    static result<spooled_body> of(const boost::json::value& document);

    std::size_t size() const noexcept { return size_; }

    /// The next bytes, as many as fit; none at the end, or where the file cannot be read.
    std::span<const char> read(std::span<char> into);

private:
    struct closing {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    using temporary_file = std::unique_ptr<std::FILE, closing>;

    spooled_body(temporary_file file, std::size_t size) : file_(std::move(file)), size_(size) {}

    temporary_file file_;
    std::size_t size_;
};

}  // namespace penholder::daemon
