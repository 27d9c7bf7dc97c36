#pragma once

#include "course.hpp"

#include <functional>
#include <memory>

namespace penholder::bench {

/// How one writer writes, one write at a time; used by one thread.
class blocking_client {
public:
    blocking_client() = default;
    virtual ~blocking_client() = default;
    blocking_client(const blocking_client&) = delete;
    blocking_client& operator=(const blocking_client&) = delete;

    /// Throws std::exception when it cannot go on.
    virtual answer write(const penholder::write& what) = 0;
};

/// A thread and a client for each writer. The clients are made before the clock starts. Rethrows what the first client
/// threw that could not go on.
void run_in_threads(course& all, const std::function<std::unique_ptr<blocking_client>(std::size_t index)>& connect);

}  // namespace penholder::bench
