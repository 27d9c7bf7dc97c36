#include "daemon/http/spooled_body.hpp"

#include <boost/json/serializer.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace penholder::daemon {
namespace {

error failed(const std::string& what) {
    return {errc::internal, "cannot " + what + " a temporary file for a large answer: " +
                                std::error_code(errno, std::generic_category()).message() +
                                "; make room in the temporary directory"};
}

}  // namespace

result<spooled_body> spooled_body::of(const boost::json::object& document) {
    temporary_file file(std::tmpfile());
    if (!file) return failed("make");
    boost::json::serializer text;
    text.reset(&document);
    std::array<char, 65536> piece;
    std::size_t size = 0;
    while (!text.done()) {
        const auto next = text.read(piece.data(), piece.size());
        if (std::fwrite(next.data(), 1, next.size(), file.get()) != next.size()) return failed("write");
        size += next.size();
    }
    if (std::fflush(file.get()) != 0) return failed("write");
    std::rewind(file.get());
    return spooled_body(std::move(file), size);
}

std::span<const char> spooled_body::read(std::span<char> into) {
    return into.first(std::fread(into.data(), 1, into.size(), file_.get()));
}

}  // namespace penholder::daemon
