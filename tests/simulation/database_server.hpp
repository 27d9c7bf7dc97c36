#pragma once

#include "lane/command.hpp"
#include "model/fence_record.hpp"
#include "timeline.hpp"

#include <penholder/receipt.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::simulation {

/// What a transaction adds to the database, and what stays of it in the log.
struct database_change {
    std::uint64_t term = 0;  ///< Under which it was made.
    std::optional<fence_record> fence;
    std::vector<int> effects;  ///< Numbers of the writes whose statements took effect.
    std::map<std::string, std::pair<std::string, std::string>> keys;  ///< Fingerprint and receipt.
    std::map<std::string, std::string> origins;
};

/// What is committed.
struct database_state {
    fence_record fence;
    std::map<int, int> effects;  ///< How often each write took effect.
    std::map<std::string, std::pair<std::string, std::string>> keys;
    std::map<std::string, std::string> origins;

    void apply(const database_change& change);
};

/// One connection, as the server sees it.
class backend {
public:
    backend(location client, std::function<void(std::string why)> on_lost)
        : client_(client), on_lost_(std::move(on_lost)) {}

    location client() const noexcept { return client_; }

    /// When what was sent last arrives, each way.
    time_point arrives{};
    time_point returns{};

private:
    friend class database_server;

    struct savepoint {
        std::string name;
        std::size_t effects = 0;
        bool deferred_trouble = false;
    };

    location client_;
    std::function<void(std::string why)> on_lost_;
    bool open_ = true;
    bool holds_fence_ = false;  ///< FOR SHARE, until the transaction ends.
    bool in_transaction_ = false;
    bool failed_ = false;
    bool deferred_trouble_ = false;  ///< A deferred constraint is violated.
    database_change change_;
    std::vector<savepoint> savepoints_;
    std::deque<std::function<void()>> rounds_;  ///< Sent and not yet answered; the first is under way.
};

/// A database server as far as a lane can tell: transactions that are atomic, the fence row's lock, the ledger's
/// tables, statements of the simulation's own writes, and all the ways in which a connection or a server can end. It
/// reads the very commands that a batch sends.
class database_server {
public:
    using link = std::shared_ptr<backend>;
    using replies = std::vector<lane::reply>;

    /// Null while there is no server.
    link connect(location client, std::function<void(std::string why)> on_lost);
    /// The client is gone; what was sent already is still done.
    void disconnect(const link& over);

    /// Carries out a round and then calls `done`, which is not called when the connection ends first.
    void carry_out(const link& over, lane::round commands, std::function<void(replies)> done);

    /// Waits out those who hold the fence's lock, for `patience`; ends them then. Nothing when the server went away.
    using raised = std::function<void(std::optional<fence_answer>)>;
    void raise_fence(fence_record wanted, duration patience, raised done);

    bool is_up() const noexcept { return up_; }
    const database_state& committed() const noexcept { return state_; }
    std::uint64_t position() const noexcept { return position_; }

    // The world's doing.
    void end_backends(int place);
    void process_gone(int place);
    void go_down();
    void come_up() { up_ = true; }
    /// The last `count` commits never were.
    void lose_tail(std::size_t count);
    const std::vector<database_change>& log() const noexcept { return log_; }

private:
    struct under_way {
        link over;
        lane::round commands;
        std::size_t next = 0;
        replies answers;
        bool aborted = false;  ///< The rest of the round is skipped.
        std::function<void(replies)> done;
    };
    using run = std::shared_ptr<under_way>;

    void proceed(const run& round);
    void answer_next(const run& round);
    lane::reply execute(backend& by, const lane::command& what);
    lane::reply execute_own(backend& by, const lane::command& what);
    lane::reply guard(backend& by, const lane::command& what, bool locks);
    lane::reply look_up(const lane::command& what) const;
    lane::reply record(backend& by, const lane::command& what);
    lane::reply savepoint(backend& by, const std::string& sql);
    lane::reply write(backend& by, const lane::command& what);
    lane::reply count(backend& by, const lane::command& what);
    lane::reply check_constraints(backend& by);
    lane::reply commit(backend& by);
    void commit(database_change change);
    void roll_back(backend& by);
    void end(const link& over, const std::string& why);
    bool fence_held() const;

    bool up_ = true;
    std::uint64_t era_ = 0;  ///< Grows when the server goes down.
    std::uint64_t position_ = 1;
    database_state state_;
    std::vector<database_change> log_;
    std::vector<link> backends_;
};

}  // namespace penholder::simulation
