#include "handshake_errors.hpp"

#include "message.hpp"

#include <string>

namespace penholder::wire {

error version_mismatch(std::uint32_t theirs) {
    return {errc::protocol_mismatch, "the peer speaks version " + std::to_string(theirs) +
                                         " of the link protocol, this node speaks " + std::to_string(protocol_version) +
                                         "; run the same release on all nodes"};
}

error secret_mismatch(bool theirs) {
    if (theirs) {
        return {errc::unauthorized,
                "the peer has a link secret and this node has none; give both the same [link] secret"};
    }
    return {errc::unauthorized, "this node has a link secret and the peer has none; give both the same [link] secret"};
}

error out_of_order() {
    return {errc::protocol_mismatch, "the peer sent another message than the handshake's next"};
}

}  // namespace penholder::wire
