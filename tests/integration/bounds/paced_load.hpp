#pragma once

#include "integration/cluster/running_node.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace penholder::testing {

/// Writes that come at a steady pace whatever becomes of those before them, as from callers who do not know of each
/// other, through several nodes in turn; and when each was answered, with what.
class paced_load {
public:
    struct answered {
        std::string mark;
        std::chrono::milliseconds after{0};
        std::size_t commits_before = 0;     ///< Of other writes, when it was sent.
        std::size_t commits_meanwhile = 0;  ///< Of other writes: the time it took, by the database's own pace.
        penholder::outcome outcome = outcome::unknown;
        errc why{};
        std::string message;
    };

    paced_load(std::vector<running_node*> through, std::chrono::milliseconds deadline)
        : through_(std::move(through)), deadline_(deadline) {}
    ~paced_load();

    /// The statements of each write; `mark` is its own.
    std::function<void(write& what, const std::string& mark)> statements;

    /// Blocks for that long, and calls `meanwhile` a few times a second.
    void run(std::size_t writes_per_second, std::chrono::milliseconds how_long,
             const std::function<void()>& meanwhile = {});

    /// False when some still have no answer after that long.
    bool wait_for_answers(std::chrono::milliseconds most);

    std::size_t sent() const;
    std::vector<answered> answers() const;

private:
    void send();

    std::vector<running_node*> through_;
    std::chrono::milliseconds deadline_;
    mutable std::mutex mutex_;
    std::size_t sent_ = 0;
    std::size_t committed_ = 0;
    std::vector<answered> answers_;
};

/// The latency below which this share of the answers with that outcome came; zero where there are none.
std::chrono::milliseconds latency(const std::vector<paced_load::answered>& of, outcome which, double share);

/// The same in commits of other writes.
std::size_t commits_meanwhile(const std::vector<paced_load::answered>& of, outcome which, double share);

std::size_t count(const std::vector<paced_load::answered>& in, outcome which);

}  // namespace penholder::testing
