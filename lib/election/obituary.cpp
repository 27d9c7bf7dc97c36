#include "obituary.hpp"

#include "base/mutation.hpp"

#include <utility>

namespace penholder::election {

death_watch::death_watch(std::uint64_t term, std::string leader, std::string endpoint)
    : leader_{term, std::move(leader), {}, {}}, endpoint_(std::move(endpoint)) {}

void death_watch::linked(std::string incarnation) {
    leader_.incarnation = std::move(incarnation);
    linked_ = true;
    suspected_ = false;
}

std::optional<obituary> death_watch::on(sign what) {
    const bool was_up = std::exchange(linked_, false);
    switch (what) {
        case sign::broke:
            suspected_ = suspected_ || was_up;
            if (suspected_ && mutated(mutation::obituary_without_refusal)) return leader_;
            return std::nullopt;
        case sign::nothing: suspected_ = false; return std::nullopt;
        case sign::refused: leader_.evidence = "its link broke, and " + endpoint_ + " refuses connections"; break;
        case sign::replaced:
            leader_.evidence = "its link broke, and another incarnation answers at " + endpoint_;
            break;
    }
    if (!suspected_) return std::nullopt;
    return leader_;
}

}  // namespace penholder::election
