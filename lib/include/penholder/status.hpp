#pragma once

#include <penholder/leadership.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

/// A node that has enrolled in a group, as its member record tells.
struct member {
    std::string node;
    std::string incarnation;
    std::string endpoint;       ///< For links.
    std::string http_endpoint;  ///< For operators; may be empty.
    std::string role_wanted;    ///< "candidate" or "observer".
    std::string version;
    std::string started_at;  ///< ISO 8601, UTC.
    std::string settings;    ///< Fingerprint of the settings that all nodes should share.
    std::string database{};  ///< Which one it has: system identifier and oid; empty while that is unknown.
    /// Where it listens for links, as only one living process can: boot, network namespace, address. May be empty.
    std::string binding{};

    friend bool operator==(const member&, const member&) = default;
};

/// One line of a group's history.
struct term_record {
    std::uint64_t number = 0;
    std::string node;
    std::string since;       ///< ISO 8601, UTC.
    std::string began;       ///< "election", "handover" or "takeover".
    std::string evidence{};  ///< What proved that the leader before was dead; empty unless it was evicted.
    std::string database{};  ///< Which one its leader wrote to, as members name theirs; empty without one.
    /// Where its fence was raised last, as "term:timeline@position"; before that, the raise that its leader knew of.
    std::string raised{};

    friend bool operator==(const term_record&, const term_record&) = default;
};

/// How many writes took sessions for one reason, since the node started.
struct not_plain_count {
    std::string reason;  ///< One word: "volatile_function", "row_security", …
    std::uint64_t writes = 0;

    friend bool operator==(const not_plain_count&, const not_plain_count&) = default;
};

/// A write that waits for a lock of somebody outside: who holds it, as PostgreSQL shows them.
struct lock_wait {
    std::string write_id;
    int pid = 0;  ///< Of the backend that holds the lock.
    std::string application;
    std::string user;
    std::string state;  ///< As in pg_stat_activity, such as "idle in transaction".

    friend bool operator==(const lock_wait&, const lock_wait&) = default;
};

/// What became of writes and which way they took, since the node started.
struct write_counters {
    std::uint64_t committed = 0;
    std::uint64_t rejected = 0;
    std::uint64_t unknown = 0;
    std::uint64_t replayed = 0;
    std::uint64_t forwarded = 0;
    std::uint64_t overloaded = 0;
    std::uint64_t batches = 0;
    std::uint64_t lane_writes = 0;           ///< Applied here in batches.
    std::uint64_t session_writes = 0;        ///< Applied here, each in a transaction of its own.
    std::vector<not_plain_count> not_plain;  ///< Why, ordered by reason.
    std::size_t sessions_open = 0;           ///< Connections for them at this moment (leader only).
    std::uint64_t suspects_blamed = 0;       ///< Rejected, because they ended their connection twice.
    std::uint64_t catalogue_changes = 0;     ///< That the leader noticed, and forgot what it knew of statements.
    std::uint64_t keys_recorded = 0;         ///< Rows of the ledger's keys.
    std::uint64_t keys_forgotten = 0;        ///< Rows of the ledger that were swept after their retention.
    std::uint64_t fence_setbacks = 0;        ///< Raises that found the fence older than it had been raised before.
    std::uint64_t lock_waits = 0;            ///< Waits of writes for a lock that somebody outside held.
};

/// One group as one node sees it.
struct group_status {
    leadership now;
    std::string leader_since;  ///< ISO 8601, UTC; empty when unknown.
    bool eligible = false;     ///< False for observers, while the database cannot be reached or the session is overdue.
    bool paused = false;
    bool database_connected = false;              ///< The lane's connection; followers check theirs now and then.
    bool link_connected = false;                  ///< This node's link to the leader; true on the leader itself.
    std::optional<std::int64_t> last_contact_ms;  ///< Since the leader was last heard on the link.
    std::size_t pending_writes = 0;               ///< Of this node's callers, without a receipt yet.
    std::size_t queued_writes = 0;                ///< Waiting for the lane (leader only).
    std::int64_t queue_wait_ms = 0;               ///< What a write that came now would wait for its answer (leader).
    std::size_t links = 0;                        ///< Followers connected (leader only).
    std::uint64_t leader_changes = 0;
    std::uint64_t process_deaths = 0;  ///< Leaders that this node's link proved dead.
    std::uint64_t evictions = 0;       ///< Of those, the ones that this node evicted and followed as leader.
    write_counters counters;
    std::vector<member> members;
    std::vector<lock_wait> lock_waits;  ///< At this moment (leader only).
    std::string trouble;                ///< What keeps the node from its work, for people; empty when nothing does.
    std::vector<std::string> refused_hosts;  ///< Of the connection string, that are up and not written to, with why.
    /// Why writes have failed at the leader for some seconds, all or those that need what fails; empty when none do.
    std::string write_outage;
};

/// How many connections were not made for one reason, since the node started.
struct refusal_count {
    std::string reason;  ///< One word: "unreachable", "untrusted", "expired", …
    std::uint64_t connections = 0;

    friend bool operator==(const refusal_count&, const refusal_count&) = default;
};

/// One server of an ensemble that is reached by TLS.
struct ensemble_server_status {
    std::string server;             ///< As `zookeeper_options::hosts` names it.
    std::uint64_t connections = 0;  ///< That were made, since the node started, as are the other numbers.
    std::uint64_t bytes_sent = 0;   ///< Before they are encrypted.
    std::uint64_t bytes_received = 0;
    std::vector<refusal_count> refusals;  ///< Those that were not made, ordered by reason.
    std::string trouble;                  ///< Why the last one was not made, for people; empty where it was.

    friend bool operator==(const ensemble_server_status&, const ensemble_server_status&) = default;
};

/// A node as it sees itself.
struct node_status {
    std::string node;
    std::string incarnation;
    std::string version;
    std::string started_at;
    std::string endpoint;
    bool ensemble_connected = false;  ///< And the ensemble has answered within the session's time-out.
    std::string ensemble_trouble;     ///< Why the session is overdue, or none is to be had; empty otherwise.
    std::string session;              ///< Hexadecimal session id; empty when there is none.
    int session_timeout_ms = 0;       ///< As granted.
    std::vector<group_status> groups;
    /// Of the certificate that links are made with, less than 0 once it has ended; nothing without one.
    std::optional<std::int64_t> link_certificate_ends_in_s{};
    /// The same of the one that the ensemble is shown.
    std::optional<std::int64_t> ensemble_certificate_ends_in_s{};
    std::vector<ensemble_server_status> ensemble_servers{};  ///< Empty without TLS to the ensemble.
};

}  // namespace penholder
