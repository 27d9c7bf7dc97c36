#include "daemon/http/spooled_body.hpp"

#include "api/exact_json.hpp"

#include <cerrno>
#include <string>
#include <string_view>
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

result<spooled_body> spooled_body::of(const boost::json::value& document) {
    temporary_file file(std::tmpfile());
    if (!file) return failed("make");
    std::size_t size = 0;
    std::size_t written = 0;  // Less after a piece that did not fit, behind which none is written.
    api::write_exactly(document, [&](std::string_view piece) {
        size += piece.size();
        if (written + piece.size() == size) written += std::fwrite(piece.data(), 1, piece.size(), file.get());
    });
    if (written != size || std::fflush(file.get()) != 0) return failed("write");
    std::rewind(file.get());
    return spooled_body(std::move(file), size);
}

std::span<const char> spooled_body::read(std::span<char> into) {
    return into.first(std::fread(into.data(), 1, into.size(), file_.get()));
}

}  // namespace penholder::daemon
