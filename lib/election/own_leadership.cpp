#include "own_leadership.hpp"

#include <cassert>
#include <utility>

namespace penholder::election {

penholder::term own_leadership::term() const noexcept {
    if (const auto* led = serving()) return led->term;
    if (const auto* elected = std::get_if<own_state::fencing>(&state_)) return elected->term;
    const auto* following = std::get_if<own_state::following>(&state_);
    return following != nullptr ? following->last_led : penholder::term{};
}

bool own_leadership::is_confirmed() const noexcept {
    if (const auto* led = serving()) return led->confirmed;
    const auto* elected = std::get_if<own_state::fencing>(&state_);
    return elected != nullptr && elected->confirmed;
}

bool own_leadership::is_undeclared() const noexcept {
    const auto* led = serving();
    return led != nullptr && !led->declared;
}

bool own_leadership::has_served() const noexcept {
    const auto* following = std::get_if<own_state::following>(&state_);
    return serves() || (following != nullptr && following->had_served);
}

const own_state::serving* own_leadership::serving() const noexcept {
    const auto* drains = draining();
    return drains != nullptr ? &drains->led : std::get_if<own_state::serving>(&state_);
}

void own_leadership::elected(penholder::term now, bool confirmed) {
    assert(is<own_state::following>() && now >= term());
    state_ = own_state::fencing{now, confirmed};
}

bool own_leadership::fence_raised(penholder::term which) {
    const auto* elected = std::get_if<own_state::fencing>(&state_);
    if (elected == nullptr || elected->term != which) return false;
    state_ = own_state::serving{elected->term, elected->confirmed};
    return true;
}

void own_leadership::confirm(bool seen_or_made) {
    if (auto* led = serving_data()) led->confirmed = seen_or_made;
    if (auto* elected = std::get_if<own_state::fencing>(&state_)) elected->confirmed = seen_or_made;
}

void own_leadership::declared(bool says_so) {
    if (auto* led = serving_data()) led->declared = says_so;
}

void own_leadership::step_down() {
    if (leads()) state_ = own_state::following{term(), serves()};
}

void own_leadership::resign() {
    if (auto* led = serving_data()) led->resigning = true;
}

void own_leadership::set_unreached(bool is) {
    if (auto* led = serving_data()) led->unreached = is;
}

void own_leadership::name_heir(std::string node) {
    assert(serves());
    serving_data()->heir = std::move(node);
}

void own_leadership::heir_timed_out() {
    if (auto* led = serving_data()) led->heir_timed_out = std::exchange(led->heir, {});
}

void own_leadership::forget_handover() {
    auto* led = serving_data();
    if (led == nullptr) return;
    led->resigning = false;
    led->unreached = false;
    led->heir_timed_out.clear();
}

void own_leadership::begin_drain() {
    assert(is<own_state::serving>());
    state_ = own_state::draining{std::get<own_state::serving>(std::move(state_))};
}

bool own_leadership::drained() {
    auto* drains = std::get_if<own_state::draining>(&state_);
    return drains != nullptr && !std::exchange(drains->finished, true);
}

void own_leadership::stop() {
    state_ = own_state::stopped{};
}

}  // namespace penholder::election
