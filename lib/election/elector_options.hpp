#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace penholder::election {

/// Who takes part in which group, and how patient it is.
struct elector_options {
    std::string group;
    std::string node;
    std::string incarnation;
    std::string endpoint;
    std::string binding;  ///< As `member::binding`.
    int priority = 0;
    bool observer = false;
    bool eligible = false;           ///< At the start; a group without a database is eligible at once.
    bool looks_at_database = false;  ///< `event::database_found` will come; nobody enrolls before.
    std::uint64_t seed = 1;
    std::chrono::milliseconds session_timeout{10000};  ///< After which the ensemble gives up a silent session.
    std::chrono::milliseconds retry_first{100};
    std::chrono::milliseconds retry_most{3000};
    std::chrono::milliseconds fence_backoff_first{100};
    std::chrono::milliseconds fence_backoff_most{10000};
    std::chrono::milliseconds heir_within{2000};
    std::chrono::milliseconds drain_within{10000};
    std::chrono::milliseconds vacancy_after{5000};
    std::chrono::milliseconds turn_after{500};  ///< For each candidate ahead that does not take over.
    std::size_t prompt_successors = 8;  ///< So many, and whoever waits for the leader, read at once who leads now.
    std::chrono::milliseconds patience_per_candidate{5};  ///< The others take so long at most, for each candidate.
    /// Until none happened for `evictions_within`; 0: only the ensemble ends sessions.
    std::size_t most_evictions = 5;
    std::chrono::milliseconds evictions_within{60000};
};

}  // namespace penholder::election
