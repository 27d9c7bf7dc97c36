// A stream of bytes cut into frames and messages: the same ones however the network splits it, and no memory for what a
// frame only claims to be.
#include "fuzz.hpp"
#include "wire/codec.hpp"

#include <algorithm>
#include <utility>
#include <vector>

using namespace penholder;
using fuzz::require;

namespace {

constexpr std::size_t max_frame_bytes = 4096;

struct cut_up {
    std::vector<std::pair<wire::frame_type, std::string>> frames;
    bool sound = true;
};

cut_up cut(std::string_view stream, std::size_t piece) {
    wire::frame_decoder decoder(max_frame_bytes);
    cut_up found;
    while (found.sound && !stream.empty()) {
        const auto room = decoder.room(piece);
        const auto count = std::min(piece, stream.size());
        std::copy_n(stream.begin(), count, room.begin());
        decoder.came(count);
        stream.remove_prefix(count);
        for (;;) {
            const auto next = decoder.next();
            found.sound = static_cast<bool>(next);
            if (!next || !*next) break;
            found.frames.emplace_back((*next)->type, (*next)->payload);
        }
        require(!found.sound || decoder.buffered() <= max_frame_bytes + wire::frame_header_bytes + piece,
                "a decoder holds no more than a frame and what was just read");
    }
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::choices input(fuzz::text_of(data, size));
    const std::size_t piece = 1U + input.byte();
    const auto whole = cut(input.rest(), input.rest().size() + 1);
    const auto pieces = cut(input.rest(), piece);
    require(whole.frames == pieces.frames && whole.sound == pieces.sound, "how a stream is split changes nothing");
    for (const auto& [type, payload] : whole.frames) static_cast<void>(wire::decode({type, payload}));
    return 0;
}
