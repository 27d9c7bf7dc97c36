#include "failure_detector.hpp"

#include <utility>

namespace penholder::group {

sign sign_of(wire::loss how) noexcept {
    switch (how) {
        case wire::loss::reset: return sign::broke;
        case wire::loss::refused: return sign::refused;
        case wire::loss::replaced: return sign::replaced;
        case wire::loss::silent:
        case wire::loss::unauthorized:
        case wire::loss::protocol:
        case wire::loss::closed: break;
    }
    return sign::nothing;
}

failure_detector::failure_detector(term its_term, std::string leader, std::string endpoint)
    : leader_{its_term, std::move(leader), {}, {}}, endpoint_(std::move(endpoint)) {}

void failure_detector::linked(std::string incarnation) {
    leader_.incarnation = std::move(incarnation);
    linked_ = true;
    suspected_ = false;
}

std::optional<election::process_death> failure_detector::on(sign what) {
    const bool was_up = std::exchange(linked_, false);
    switch (what) {
        case sign::broke: suspected_ = suspected_ || was_up; return std::nullopt;
        case sign::nothing: suspected_ = false; return std::nullopt;
        case sign::refused: leader_.evidence = "its link broke, and " + endpoint_ + " refuses connections"; break;
        case sign::replaced:
            leader_.evidence = "its link broke, and another incarnation answers at " + endpoint_;
            break;
    }
    if (!suspected_) return std::nullopt;
    return leader_;
}

}  // namespace penholder::group
