#pragma once

#include <string>

namespace penholder::lane {

/// Somebody outside who holds a lock that a write waits for, as PostgreSQL shows them.
struct lock_holder {
    int pid = 0;  ///< Of its backend; 0 for a prepared transaction.
    std::string application;
    std::string user;
    std::string state;  ///< As in pg_stat_activity; empty where our role may not see it.

    friend bool operator==(const lock_holder&, const lock_holder&) = default;
};

/// "waits for a lock held by pid 4711, application 'psql', user 'alice', idle in transaction".
std::string waiting_for(const lock_holder& whom);

}  // namespace penholder::lane
