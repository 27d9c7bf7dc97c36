#pragma once

#include "model/ids.hpp"
#include "model/lineage.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::election {

/// A candidate's znode: who stands, and whether it could lead at this moment.
struct candidate_record {
    std::string node;
    int priority = 0;
    bool eligible = false;
    bool unreached = false;  ///< No follower could link to it when it led last: it stands behind all others.
    friend bool operator==(const candidate_record&, const candidate_record&) = default;
};

/// Elected is not yet serving: the fence comes between.
enum class phase : std::uint8_t { fencing, serving };

std::string_view to_string(phase what) noexcept;

/// The `leader` znode.
struct leader_record {
    std::string node;
    std::string incarnation;
    std::string endpoint;
    penholder::term term{};
    election::phase phase = phase::fencing;
    std::string since;       ///< ISO 8601, UTC.
    std::string database{};  ///< Which one it writes to; empty without one.
    fence_raise raised{};    ///< While it serves its own; before, the last that it knew of.
    friend bool operator==(const leader_record&, const leader_record&) = default;
};

/// A request that the leader of `from_term` hands over, or what it left when it did. `to` is a node; "*" for the next
/// in succession; empty when the leader gave up without an heir. Once that leader has `agreed`, the node may take
/// `leader` from it.
struct handover_request {
    std::string to;
    term from_term{};
    bool agreed = false;
    friend bool operator==(const handover_request&, const handover_request&) = default;
};

/// The `control` znode: what operators want.
struct control_record {
    bool paused = false;
    std::optional<handover_request> handover{};
    term evicted_term{};  ///< An operator evicted the leader of this term; 0 where none did.
    /// Operators have moved the group to this database; empty once somebody was elected there.
    std::string adopted_database{};
    fence_raise adopted_raise{};  ///< From there on this is the last one, whatever was raised elsewhere.
    /// Nodes that are to lead nothing until operators say otherwise, each once.
    std::vector<std::string> drained{};

    /// The same with that request, or none; word of an eviction is forgotten.
    control_record with(std::optional<handover_request> request) const {
        return {paused, std::move(request), {}, adopted_database, adopted_raise, drained};
    }
    bool drains(std::string_view node) const { return std::ranges::find(drained, node) != drained.end(); }
    friend bool operator==(const control_record&, const control_record&) = default;
};

/// The `terms` znode keeps this many.
inline constexpr std::size_t terms_kept = 64;

std::string encode(const member& record);
std::string encode(const candidate_record& record);
std::string encode(const leader_record& record);
std::string encode(const control_record& record);
std::string encode(const std::vector<term_record>& terms);

/// Errors: malformed_znode, naming `path`. An empty `terms` or `control` is one that nobody has written yet.
result<member> decode_member(std::string_view path, std::string_view data);
result<candidate_record> decode_candidate(std::string_view path, std::string_view data);
result<leader_record> decode_leader(std::string_view path, std::string_view data);
result<control_record> decode_control(std::string_view path, std::string_view data);
result<std::vector<term_record>> decode_terms(std::string_view path, std::string_view data);

}  // namespace penholder::election
