#pragma once

#include "election/event.hpp"
#include "group/znode_step.hpp"
#include "timeline.hpp"

#include <penholder/status.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::simulation {

/// A znode as it was after one transaction.
struct kept_znode {
    std::string path;
    std::string data;
    std::int32_t version = 0;
    std::int64_t owner = 0;
    std::int64_t created = 0;
    time_point modified_at{};
};
using kept_znodes = std::vector<std::shared_ptr<const kept_znode>>;

/// All znodes after one transaction, and which of them it touched.
struct moment {
    std::int64_t zxid = 0;
    time_point at{};
    kept_znodes znodes;  ///< By path.
    std::vector<std::string> touched;

    const kept_znode* find(std::string_view path) const;
    /// The names of the znodes below `parent`.
    std::vector<std::string> children(std::string_view parent) const;
};

/// The ensemble's one history of znodes, its sessions, and its watches. Servers may lag behind the history: who reads
/// says how far. Watches fire once, when the server that keeps them has come to the transaction.
class ensemble {
public:
    using fired = std::function<void(const moment& by, const std::string& path)>;

    explicit ensemble(std::int32_t first_sequence) : sequence_(first_sequence) { history_.emplace_back(); }

    std::int64_t open_session() {
        sessions_.push_back(++last_session_);
        return last_session_;
    }
    bool alive(std::int64_t session) const;
    /// Its ephemeral znodes go in one transaction.
    void end_session(std::int64_t session);

    /// All or nothing; else the reply to the first step that could not be done.
    election::ensemble_reply transact(std::int64_t session, const std::vector<group::znode_step>& steps);
    /// Creates each that is missing, parents first.
    election::ensemble_reply create_persistent(const std::vector<std::string>& paths);

    const moment& latest() const noexcept { return history_.back(); }
    /// Who is enrolled, as a node's roster tells.
    std::vector<member> members() const;
    /// What a server shows that is `lag` behind, to a client that has seen `seen` already.
    const moment& shown(duration lag, std::int64_t seen) const;

    /// Calls `then` for the first transaction after `since` that touches `path`.
    void watch(std::string path, std::int64_t since, fired then);

    /// An ensemble restored from nothing, or by an operator who removed too much.
    void remove_everything();

    /// Told of each transaction that created a znode, changed one or removed one.
    std::function<void(const moment& before, const moment& now)> on_change;
    /// Told when a node has enrolled or is enrolled no more.
    std::function<void()> on_members;

private:
    election::ensemble_reply create(moment& next, std::int64_t owner, const group::znode_step& step);
    static election::ensemble_reply carry_out(moment& next, const group::znode_step& step);
    void commit(moment next);

    std::int32_t sequence_;
    std::int64_t last_session_ = 0x1000000;
    std::vector<std::int64_t> sessions_;
    std::vector<moment> history_;
    std::multimap<std::string, fired, std::less<>> watches_;
};

}  // namespace penholder::simulation
