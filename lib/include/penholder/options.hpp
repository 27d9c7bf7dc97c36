#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace penholder {

/// How to reach the ensemble. Source: `[zookeeper]`.
struct zookeeper_options {
    std::string hosts;                ///< "host:port,host:port…", without a chroot.
    int session_timeout_ms = 6000;    ///< Asked for; the ensemble may grant another.
    std::string root = "/penholder";  ///< Parent of every group's znodes.
    std::string digest;  ///< "user:password"; empty for no authentication. With it znodes get ACL CREATOR_ALL.
    /// With it the servers are spoken to by TLS, and each is to have a certificate for its host from an authority in
    /// this file. PEM, as are the others: this node's certificate and its key, where the servers want one.
    std::string tls_ca_file;
    std::string tls_cert_file;
    std::string tls_key_file;
};

/// How nodes reach each other. Source: `[link]`.
struct link_options {
    std::string listen = "127.0.0.1:0";  ///< host:port; port 0 takes a free one.
    std::string advertise;               ///< What other nodes connect to, where that differs from `listen`.
    /// Shared by all nodes of a group: with it links are TLS by it as pre-shared key. None only on loopback.
    std::string secret;
    std::string secret_file;  ///< The same, in a file: a line, or two of which the second is accepted only.
    /// Instead of a secret: this node's certificate for its name, its key, and whose certificates it accepts. PEM.
    std::string tls_cert_file;
    std::string tls_key_file;
    std::string tls_ca_file;
    int ping_interval_ms = 500;
    int silence_timeout_ms = 2000;  ///< A link that says nothing for this long is cut.
    int handshake_timeout_ms = 2000;
    std::size_t max_frame_bytes = 16 * 1024 * 1024;
    std::size_t max_in_flight = 4096;  ///< Writes on one link that have no reply yet.
    std::size_t max_links = 10000;
    std::size_t max_handshakes = 256;  ///< Connections that have not proven themselves yet.
};

/// One election and the database that it guards. Source: `[[group]]`.
struct group_options {
    std::string name;
    std::string database;   ///< libpq connection string; empty: the group is an election only.
    int priority = 0;       ///< Higher leads first.
    bool observer = false;  ///< Forwards, never leads.
    /// "on_process_death": a leader that is proven dead is evicted at once; "on_session_expiry": the ensemble's
    /// time-out decides.
    std::string takeover = "on_process_death";
    std::size_t takeover_max_evictions =
        5;  ///< By this node, until none happened for the window; then sessions decide.
    int takeover_window_s = 60;
    int default_deadline_ms = 5000;
    int max_deadline_ms = 60000;
    std::size_t batch_max_writes = 128;   ///< Writes that share one transaction at most.
    std::size_t queue_max_writes = 8192;  ///< Writes that wait for the lane; one more is answered `overloaded`.
    std::size_t queue_max_bytes = 256 * 1024 * 1024;
    int queue_time_max_ms = 1000;           ///< One that would not be answered by then is answered `overloaded`.
    std::size_t pending_max_writes = 8192;  ///< Writes of this node's callers that have no receipt yet.
    std::size_t pending_max_bytes = 256 * 1024 * 1024;
    std::size_t sessions_max = 8;  ///< Connections for writes that are not plain, each with one at a time; at most 64.
    std::size_t max_receipt_bytes = 8 * 1024 * 1024;  ///< Of RETURNING's and SELECT's rows; more is rejected.
    bool error_detail = false;  ///< Rejections carry PostgreSQL's DETAIL, which can hold data of rows.
    std::vector<std::string> harmless_functions;  ///< "schema.name": the operator vouches that they are plain.
    /// "schema.table.column": the transaction's time in it is no version, so that writes which set it share batches.
    std::vector<std::string> no_version_columns;
    int statement_timeout_max_ms = 30000;
    int lock_timeout_ms = 1000;  ///< For the lane's statements: a conflict with writers from outside.
    int fence_wait_ms = 2000;    ///< How long a new leader waits out the old term's transactions before ending them.
    int connect_timeout_ms = 3000;
    int key_retention_s = 7 * 24 * 3600;  ///< How long the ledger remembers an application's write id.
    int origin_retention_s = 24 * 3600;   ///< How long it remembers a node that is gone.
};

/// All that a node needs to be told.
struct options {
    std::string name;  ///< Unique among the live nodes of a group: letters, digits, '.', '_' and '-', at most 64.
    /// Published for operators' tools: "host:port", "https://host:port", "unix:/path"; empty when the node has no HTTP.
    std::string http_endpoint;
    zookeeper_options zookeeper;
    link_options link;
    std::vector<group_options> groups;
};

}  // namespace penholder
