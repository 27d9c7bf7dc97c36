#include "heartbeat.hpp"

#include "connection.hpp"

#include <algorithm>
#include <utility>

namespace penholder::tcp {

using std::chrono::milliseconds;

heartbeat::heartbeat(std::shared_ptr<connection> over, std::string peer, const link_options& settings)
    : over_(std::move(over)),
      peer_(std::move(peer)),
      ping_interval_ms_(settings.ping_interval_ms),
      silence_timeout_ms_(settings.silence_timeout_ms),
      timer_(over_->executor()) {}

void heartbeat::start() {
    beat();
}

void heartbeat::stop() {
    over_ = nullptr;
    timer_.cancel();
}

void heartbeat::beat() {
    const auto silent_for = connection::clock::now() - over_->last_heard();
    const milliseconds limit(silence_timeout_ms_);
    if (silent_for >= limit) {
        return over_->cut({loss::silent,
                           {errc::link_lost,
                            "leader '" + peer_ + "' said nothing for " + std::to_string(silence_timeout_ms_) + " ms"},
                           false,
                           {}});
    }
    over_->send(wire::ping{++pings_});
    timer_.expires_after(std::min<connection::clock::duration>(milliseconds(ping_interval_ms_), limit - silent_for));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (!cancelled && self->over_) self->beat();
    });
}

}  // namespace penholder::tcp
