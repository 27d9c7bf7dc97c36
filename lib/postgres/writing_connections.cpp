#include "writing_connections.hpp"

#include <utility>

namespace penholder::postgres {

std::uint64_t writing_connections::announce(lane::connection_id which) {
    close(which);
    return of(which).number = ++last_number_;
}

bool writing_connections::is_awaited(lane::connection_id which, std::uint64_t number) const {
    const auto found = entries_.find(which);
    return found != entries_.end() && found->second.number == number;
}

void writing_connections::open(lane::connection_id which, std::unique_ptr<raw_connection> over,
                               pipeline::listener events) {
    close(which);
    auto& made = of(which).pipeline;
    made = std::make_shared<pipeline>(executor_, std::move(over), std::move(events));
    made->start();
}

void writing_connections::send(lane::connection_id which, lane::round commands, std::size_t max_rows_bytes) {
    if (const auto& over = of(which).pipeline) over->send(std::move(commands), max_rows_bytes);
}

void writing_connections::cancel_done(lane::connection_id which) {
    if (const auto over = of(which).pipeline) over->cancel_done();
}

int writing_connections::backend_pid(lane::connection_id which) const {
    const auto found = entries_.find(which);
    return found != entries_.end() && found->second.pipeline ? found->second.pipeline->backend_pid() : 0;
}

std::vector<int> writing_connections::backend_pids() const {
    std::vector<int> all;
    for (const auto& [which, one] : entries_) {
        if (one.pipeline) all.push_back(one.pipeline->backend_pid());
    }
    return all;
}

void writing_connections::close(lane::connection_id which) {
    auto& closed = of(which);
    closed.number = 0;
    closed.silence.cancel();
    closed.reconnect.cancel();
    if (const auto old = std::exchange(closed.pipeline, nullptr)) old->close();
}

void writing_connections::close_all() {
    for (auto& [which, one] : entries_) close(which);
}

void writing_connections::call_after(boost::asio::steady_timer& timer, std::chrono::milliseconds pause,
                                     std::function<void()> then) {
    timer.expires_after(pause);
    timer.async_wait([then = std::move(then)](boost::system::error_code cancelled) {
        if (!cancelled) then();
    });
}

void writing_connections::when_silent(lane::connection_id which, std::chrono::milliseconds after,
                                      std::function<void()> then) {
    call_after(of(which).silence, after, std::move(then));
}

void writing_connections::reconnect_after(lane::connection_id which, std::chrono::milliseconds pause,
                                          std::function<void()> then) {
    call_after(of(which).reconnect, pause, std::move(then));
}

}  // namespace penholder::postgres
