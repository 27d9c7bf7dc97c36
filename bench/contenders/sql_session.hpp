#pragma once

#include <penholder/write.hpp>

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;

namespace penholder::bench {

/// A plain connection, as a service without Penholder has it. Every statement is a round trip. What the database
/// refuses is an answer; a lost connection is an exception.
class sql_session {
public:
    enum class plan {
        prepared,  ///< Each text with parameters is prepared when it first comes; one without may never come again.
        one_shot,  ///< Sent with its parameters each time, for poolers that know no prepared statements.
    };
    struct done {
        bool accepted = false;
        std::string tag;  ///< "UPDATE 1"
    };

    sql_session(const std::string& conninfo, plan how);

    done exec(const statement& what);
    done exec(const char* sql);  ///< Without parameters and never prepared: BEGIN, COMMIT.

    /// BEGIN, the statements, COMMIT, each a round trip; on the first refusal ROLLBACK. A lone statement in autocommit.
    bool transact(std::span<const statement> what);

    /// The same, sent in one go.
    bool transact_pipelined(std::span<const statement> what);

    pg_conn* handle() const noexcept { return connection_.get(); }

    /// The name under which this text is prepared.
    const std::string& prepared(const std::string& sql);

private:
    using result = std::unique_ptr<pg_result, void (*)(pg_result*)>;

    bool is_prepared(const statement& what) const { return how_ == plan::prepared && !what.params().empty(); }
    done judge(const result& what) const;
    bool collect_pipeline();

    std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
    plan how_;
    std::unordered_map<std::string, std::string> names_;
};

/// The pointers that libpq wants to a statement's parameters.
std::vector<const char*> pointers(const statement& of);

}  // namespace penholder::bench
