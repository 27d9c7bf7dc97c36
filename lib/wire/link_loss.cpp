#include "link_loss.hpp"

namespace penholder::wire {

std::string_view to_string(loss what) noexcept {
    switch (what) {
        case loss::reset: return "reset";
        case loss::refused: return "refused";
        case loss::silent: return "silent";
        case loss::unauthorized: return "unauthorized";
        case loss::protocol: return "protocol";
        case loss::replaced: return "replaced";
        case loss::closed: break;
    }
    return "closed";
}

link_loss loss_by_goodbye(error why) {
    switch (why.code) {
        case errc::unauthorized: return {loss::unauthorized, std::move(why), false, {}};
        case errc::protocol_mismatch:
        case errc::malformed_frame:
        case errc::frame_too_large:
        case errc::group_mismatch: return {loss::protocol, std::move(why), false, {}};
        default: return {loss::closed, std::move(why), false, {}};
    }
}

}  // namespace penholder::wire
