#pragma once

#include "lane/command.hpp"
#include "model/fence_record.hpp"
#include "sql/plainness.hpp"
#include "timeline.hpp"
#include "write_mode.hpp"

#include <penholder/receipt.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::simulation {

/// How often who has to wait for a lock looks whether he still has to.
inline constexpr std::chrono::milliseconds looks{2};

inline lane::reply failure(std::string_view sqlstate, std::string message) {
    return {.what = lane::reply::kind::failed,
            .tag = {},
            .result = {},
            .sqlstate = std::string(sqlstate),
            .message = std::move(message)};
}

/// One statement of a write that took effect.
struct statement_effect {
    int write = 0;
    int statement = 0;
    write_mode what = write_mode::good;
    std::optional<int> saw;  ///< What another write had left there for this one to see.

    int code() const noexcept { return write * statements_max + statement; }
};

/// What changes without a word to whoever is connected.
struct catalogue_state {
    sql::catalogue_stamp stamp;
    bool shifty_is_plain = true;
};

/// What a transaction adds to the database, and what stays of it in the log.
struct database_change {
    std::uint64_t term = 0;  ///< Under which it was made.
    bool by_lane = false;
    std::optional<fence_record> fence;
    std::optional<catalogue_state> catalogue;
    std::vector<statement_effect> effects;
    std::map<std::string, std::pair<std::string, std::string>> keys;  ///< Fingerprint and receipt.
    std::map<std::string, std::string> origins;
};

/// What is committed.
struct database_state {
    fence_record fence;
    catalogue_state catalogue{{1}, true};
    std::map<int, int> effects;  ///< By code, how often each took effect.
    std::map<std::string, std::pair<std::string, std::string>> keys;
    std::map<std::string, std::string> origins;

    void apply(const database_change& change);
    int effects_of(int write) const;
};

/// One connection, as the server sees it.
class backend {
public:
    using teller = std::function<void(std::string why)>;

    /// `held`: the term under which the client writes.
    backend(location client, std::uint64_t held, teller on_lost)
        : client_(client), held_(held), on_lost_(std::move(on_lost)) {}

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
    /// What a statement that is not plain leaves in the session, even where its transaction is rolled back.
    struct trace {
        int write = 0;
        sql::residue what = sql::residue::unclean;
    };
    struct time_outs {
        duration statement{};
        duration lock{};
    };

    location client_;
    std::uint64_t held_ = 0;
    teller on_lost_;
    bool open_ = true;
    bool client_gone_ = false;
    std::vector<trace> traces_;
    std::optional<int> last_plain_;  ///< The write that left only what session functions tell, such as `lastval`.

    // Until the transaction ends.
    std::optional<int> slot_;  ///< Of the fence, FOR SHARE.
    time_outs limits_;
    bool in_transaction_ = false;
    bool failed_ = false;
    bool deferred_trouble_ = false;  ///< A deferred constraint is violated.
    database_change change_;
    std::vector<savepoint> savepoints_;

    std::deque<std::function<void()>> rounds_;  ///< Sent and not yet answered; the first is under way.
};

/// A database server as far as a lane and its sessions can tell: transactions that are atomic, the locks of the fence's
/// slots, the ledger's tables, the catalogue's stamp, statements of the simulation's own writes with all that they may
/// do to each other, and all the ways in which a connection or a server can end. It reads the very commands that a
/// batch or a session sends.
class database_server {
public:
    using link = std::shared_ptr<backend>;
    using replies = std::vector<lane::reply>;

    /// Null while there is no server.
    link connect(location client, std::uint64_t held, backend::teller on_lost);
    /// The client is gone; what was sent already is still done.
    void disconnect(const link& over);
    /// Its backend is ended, whatever it does.
    void terminate(const link& over);

    /// What a client sends at once, and how many bytes of rows it takes for that.
    struct request {
        lane::round commands;
        std::size_t max_rows_bytes = 0;
    };
    /// Carries out a round and then calls `done`, which is not called when the connection ends first.
    void carry_out(const link& over, request what, std::function<void(replies)> done);

    /// Waits out those who hold the fence's slots, for `patience`; ends them then. The term that stands, confirmed by
    /// its leader, waits for the lane's slot only. Nothing when the server went away.
    using raised = std::function<void(std::optional<fence_answer>)>;
    void raise_fence(fence_record wanted, duration patience, raised done);
    /// Waits out whose transaction holds this slot in the same way, and makes it this connection's; false when the
    /// server went away.
    void take_slot(const link& over, int slot, duration patience, std::function<void(bool)> done);
    /// As the lane's connection does by raising the fence.
    void hold_slot(const link& over, int slot);

    /// What the catalogue says of a statement, and its stamp.
    sql::judgement judge(const std::string& sql) const;

    bool is_up() const noexcept { return up_; }
    const database_state& committed() const noexcept { return state_; }
    std::uint64_t position() const noexcept { return position_; }

    // The world's doing.
    void end_backends(int place);
    /// Their clients hear so; the backends do not, and go on with what was sent.
    void reset_clients(int place);
    void process_gone(int place);
    void go_down();
    void come_up() { up_ = true; }
    void change_catalogue();
    /// The last `count` commits never were.
    void lose_tail(std::size_t count);
    const std::vector<database_change>& log() const noexcept { return log_; }

private:
    struct under_way {
        link over;
        request what;
        std::size_t next = 0;
        replies answers;
        std::size_t rows_bytes = 0;
        bool aborted = false;                     ///< The rest of the round is skipped.
        bool waited = false;                      ///< The next command has done so.
        std::optional<lane::reply> instead = {};  ///< Of the next command's own answer: its wait was too long.
        duration spent{};                         ///< Waiting for somebody's lock.
        std::function<void(replies)> done;

        const lane::command& command() const { return what.commands[next]; }
    };
    using run = std::shared_ptr<under_way>;

    void proceed(const run& round);
    bool waits(const run& round);
    bool waits_to_commit(const run& round);
    bool waits_for_key(const run& round);
    void wait(const run& round, duration how_long, std::optional<lane::reply> instead = {});
    void answer_next(const run& round);
    void bound_rows(under_way& round) const;
    void end_fatally(const run& round, std::string_view sqlstate, const std::string& why);
    void kill(const run& round, write_mode what);
    bool spoil_commit(const run& round);
    bool is_recorded_elsewhere(const backend& by, const lane::command& what) const;
    lane::reply execute(backend& by, const lane::command& what);
    lane::reply execute_own(backend& by, const lane::command& what);
    lane::reply guard(backend& by, const lane::command& what);
    lane::reply guard_without_lock(backend& by, const lane::command& what);
    lane::reply check_catalogue(const lane::command& what) const;
    lane::reply expect_new(const lane::command& what) const;
    lane::reply look_up(const lane::command& what) const;
    lane::reply record(backend& by, const lane::command& what);
    lane::reply savepoint(backend& by, const std::string& sql);
    lane::reply write(backend& by, write_mode mode, const lane::command& what);
    lane::reply affect(backend& by, statement_effect one);
    lane::reply count(backend& by, const lane::command& what);
    lane::reply commit(backend& by);
    lane::reply clean(backend& by);
    bool is_plain(write_mode what) const;
    sql::residue leaves(write_mode what) const;
    void commit(database_change change);
    void fail(backend& by);
    void roll_back(backend& by);
    void end(const link& over, const std::string& why);
    bool is_held(std::optional<int> slot) const;
    bool wait_out(std::optional<int> slot, duration patience);

    bool up_ = true;
    std::uint64_t era_ = 0;  ///< Grows when the server goes down.
    std::uint64_t position_ = 1;
    std::uint64_t stamps_ = 1;
    database_state state_;
    std::vector<database_change> log_;
    std::vector<link> backends_;
    std::map<int, std::weak_ptr<backend>> holders_;  ///< Of the fence's slots.
};

}  // namespace penholder::simulation
