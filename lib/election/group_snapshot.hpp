#pragma once

#include "model/ids.hpp"
#include "process_death.hpp"
#include "records.hpp"
#include "succession.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// How much of a group is read: `leader` and `control` only, or every znode that an election rests on.
enum class scope : std::uint8_t { partial, full };

/// The `leader` znode as it was read; without a record where that is garbage.
struct leader_seen {
    std::optional<leader_record> record;
    std::int64_t owner = 0;
    std::int32_t version = 0;
    std::optional<std::int32_t> member_version{};  ///< Of the same session's member znode, as a full read found it.
};

/// A candidate's znode as it was read. Garbage is an ineligible candidate without a name.
struct candidate_seen {
    std::string znode;
    candidate_record record;
    std::int32_t version = 0;
};

/// The znode of this node's name under `members`.
struct member_seen {
    std::int64_t owner = 0;
    std::string incarnation;
    std::string database{};
    std::int32_t version = 0;
    std::string binding{};
};

/// Whether a session owns a znode. The ensemble shows 0 as the owner of one that is not ephemeral.
bool is_owned(std::int64_t owner) noexcept;
/// The same of a candidate, by its name: that begins with its session, so a copy of it in another one shows.
bool is_owned_candidate(std::string_view znode, std::int64_t owner) noexcept;

/// The last one that says which database its leader wrote to; null without one.
const term_record* last_term_with_database(const std::vector<term_record>& terms) noexcept;

/// A znode that a node should own and that no session of it does: somebody made it by hand, or copied it. It would stay
/// for ever, so it counts as absent.
struct ownerless_znode {
    std::string path;
    std::string node;  ///< Whom it names; empty where it cannot be read.
    friend bool operator==(const ownerless_znode&, const ownerless_znode&) = default;
};

/// For people: what it is and what to do.
error to_error(const ownerless_znode& what);

/// What one reading of a group showed. A partial read leaves everything behind `control_version` empty. The queries are
/// pure: what they answer follows from the znodes alone, so all nodes that read the same come to the same answer.
struct group_snapshot {
    election::scope scope = scope::partial;
    bool group_exists = true;  ///< All persistent znodes that were read are there.
    std::optional<leader_seen> leader;
    control_record control;
    std::int32_t control_version = 0;

    std::optional<member_seen> self;
    std::vector<candidate_seen> candidates;
    std::vector<term_record> terms;
    std::int32_t terms_version = 0;

    std::vector<error> warnings;  ///< Entries that are garbage.
    std::vector<ownerless_znode> ownerless;
    std::optional<std::int32_t> ownerless_leader;  ///< Its version, where `leader` is such a one.

    // A reader brings what it found at a path.

    void found_leader(std::string path, leader_seen what);
    void found_self(std::string path, std::string_view node, member_seen what);
    void found_candidate(std::string path, candidate_seen what, std::int64_t owner);

    /// Takes in a newer reading; a partial one leaves alone what it did not read.
    void take_in(const group_snapshot& newer);

    /// No session has enrolled the node's name.
    bool name_is_free() const noexcept;

    /// The record of the leader; nothing where nobody leads or the record is garbage.
    const leader_record* leader_shown() const noexcept;
    bool leader_owned_by(std::int64_t session) const noexcept;

    /// The last term that `terms` knows, and the newest that any znode shows; 0 without one.
    term last_term() const noexcept;
    term newest_term() const noexcept;

    /// The candidates that one session has created: one, or more after a reply was lost.
    std::vector<candidate_seen> candidates_of(std::int64_t session) const;

    /// Every candidate with a name that can be read, but those of the node `without`, where that is not empty.
    std::vector<contender> contenders(std::string_view without) const;

    /// The node that the last leader handed over to, or that operators want; empty without one. What counts is the last
    /// term in the ensemble, which all nodes see alike; a database that lost its tail may have shown some of them a
    /// higher one.
    std::string handover_target() const;

    /// The leader has named `node` its heir and goes on until the heir takes over.
    bool leader_agreed_to(std::string_view node) const noexcept;

    /// `of` is about the very process that `leader` shows.
    bool leader_is(const process_death& of) const noexcept;

    /// How the next term begins where nobody is evicted: "election", "takeover" or "handover".
    std::string next_term_begins_by() const;
    bool last_leader_was_evicted_by_operator() const noexcept;
};

}  // namespace penholder::election
