#pragma once

#include "relay_refusal.hpp"

#include <penholder/status.hpp>

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

namespace penholder::zookeeper {

/// What became of the relay's connections to one server. Written on the relay's thread, read on any; the log has what
/// is new about a server that is refused.
class relay_tally {
public:
    explicit relay_tally(std::string server) { now_.server = std::move(server); }

    void connected();
    void refused(const relay_refusal& what);
    void sent(std::size_t bytes);
    void received(std::size_t bytes);
    /// The server closed a connection on which it had said nothing.
    void hung_up();

    ensemble_server_status now() const;
    /// Why the last connection was not made, where that is not the network's fault.
    std::optional<std::string> refusal() const;
    /// Not long ago.
    bool was_hung_up_on() const;

private:
    using clock = std::chrono::steady_clock;

    mutable std::mutex lock_;
    ensemble_server_status now_;
    bool is_refused_ = false;
    std::string told_;  ///< By the log, since a connection was made.
    clock::time_point hung_up_{};
};

}  // namespace penholder::zookeeper
