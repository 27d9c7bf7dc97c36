// The payload of one frame of the type that the first byte names. What can be read is written and read again the same.
#include "fuzz.hpp"
#include "wire/codec.hpp"

using namespace penholder;
using fuzz::require;

namespace {

std::string written(const wire::message& what) {
    std::string out;
    std::visit([&](const auto& each) { wire::encode(each, out); }, what);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::choices input(fuzz::text_of(data, size));
    const auto type = wire::to_frame_type(input.byte());
    if (!type) return 0;
    const auto first = wire::decode({*type, input.rest()});
    if (!first) return 0;
    const auto bytes = written(*first);
    const std::string_view payload = std::string_view(bytes).substr(wire::frame_header_bytes);
    const auto again = wire::decode({*type, payload});
    require(static_cast<bool>(again), "what was written can be read");
    require(written(*again) == bytes, "what was read again is written the same");
    return 0;
}
