#pragma once

#include "election/process_death.hpp"
#include "wire/link_loss.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::group {

/// What a follower notices at its link to the leader.
enum class sign : std::uint8_t {
    broke,     ///< The connection was reset, or closed without a goodbye.
    refused,   ///< The leader's host answered that nobody listens there.
    replaced,  ///< Another incarnation answers there.
    nothing,   ///< Silence, a goodbye, a misunderstanding: says nothing about the process.
};

/// What a link's loss is a sign of.
sign sign_of(wire::loss how) noexcept;

/// Decides when the signs at one link prove that the leader's process is gone: its link was up, broke, and then its
/// address refused a connection or was answered by another incarnation, with nothing else in between. An address that
/// was never linked to may be refused by a firewall, and silence may be a slow network: neither is a proof. Owned by
/// `leader_link`, one for each link; every call is legal at any time.
class failure_detector {
public:
    failure_detector(term its_term, std::string leader, std::string endpoint);

    /// The link is up, and this life of the leader answers on it.
    void linked(std::string incarnation);

    /// The process's death, once the signs prove it.
    std::optional<election::process_death> on(sign what);

private:
    election::process_death leader_;
    std::string endpoint_;
    bool linked_ = false;
    bool suspected_ = false;
};

}  // namespace penholder::group
