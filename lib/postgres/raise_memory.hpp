#pragma once

#include "model/fence_record.hpp"
#include "model/lineage.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace penholder::postgres {

/// Which database a group writes to, and where its fence was raised last, as far as is known.
struct known_raise {
    std::string database;  ///< Empty where that is unknown.
    fence_raise last;
};

/// What a node remembers of the raises of one group's fence: its own, and what the ensemble shows. By it a server is
/// judged before anything is written there. Shared by whatever connects for the group; any thread.
class raise_memory {
public:
    explicit raise_memory(std::string group) : group_(std::move(group)) {}

    /// Taken before a server is looked at: what is raised meanwhile need not be there.
    known_raise known() const;

    /// What the ensemble shows; where operators have moved the group there, it counts more than what was raised here.
    void expect(const known_raise& shown, bool moved_there);

    /// A server that may be written to holds this raise.
    void saw(const fence_record& there);

    /// This node raised the fence, or confirmed it, and found it as `before`. Logs a failover, and a fence that went
    /// back.
    void raised(const known_raise& known, const fence_record& before, const fence_record& now);

    /// The hosts that answered and may not be written to, with the reason for each; logs those that are new.
    void refuse(std::vector<std::string> refusals);

    std::vector<std::string> refused() const;
    std::uint64_t setbacks() const;

private:
    std::string group_;
    mutable std::mutex mutex_;
    known_raise known_;
    std::vector<std::string> refused_;
    std::uint64_t setbacks_ = 0;
};

/// Why `host` may not be written to, by what is known; nothing where it may. A server of another identity is none to be
/// compared with.
std::optional<std::string> why_not_written(const std::string& host, const fence_record& seen, const known_raise& known);

}  // namespace penholder::postgres
