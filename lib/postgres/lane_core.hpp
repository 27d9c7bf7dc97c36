#pragma once

#include "lane/applier.hpp"
#include "lane_connection.hpp"
#include "lane_errands.hpp"
#include "made_connection.hpp"
#include "statement_judge.hpp"
#include "writing_connections.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace penholder::postgres {

/// The lane and its sessions behind a lane_connection: carries out what their `lane::applier` decides, and brings it
/// what came of it. Decides nothing itself. `start` once; after `close` only answers are still posted. Apart from its
/// owner's handle it is kept alive by its own handlers until it is closed. On the executor only; what blocks are its
/// errands.
class lane_core : public std::enable_shared_from_this<lane_core> {
public:
    lane_core(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, group_options group,
              fence_record held, std::shared_ptr<raise_memory> memory, std::shared_ptr<statement_judge> judge,
              lane_events events);

    /// Over `ready` where there is one, else over a connection of its own making.
    void start(std::optional<made_connection> ready = std::nullopt);
    void submit(lane::lane_write what);
    void drain(std::function<void()> done);
    void close();
    /// A server of this timeline is to be written to. Where the lane's is of an older one, it moves there.
    void found_primary(std::uint32_t timeline);

    penholder::term term() const noexcept { return applier_.held().term; }
    bool holds(const std::string& id) const { return applier_.holds(id); }
    lane::lane_state state() const noexcept { return applier_.state(); }
    std::size_t queued() const noexcept { return applier_.queued(); }
    std::size_t in_flight() const noexcept { return applier_.in_flight(); }
    std::vector<lock_wait> lock_waits() const { return applier_.waiting(); }
    std::chrono::milliseconds expected_wait() const { return applier_.expected_wait(); }
    const lane::lane_counters& counters() const noexcept { return applier_.counters(); }
    std::optional<std::string> outage() const { return applier_.outage(std::chrono::steady_clock::now()); }
    const std::string& sweep_trouble() const noexcept { return applier_.sweep_trouble(); }

private:
    void run(lane::lane_actions todo);
    void carry_out(const lane::action::connect& what);
    void carry_out(const lane::action::disconnect& what);
    void carry_out(const lane::action::terminate& what);
    void carry_out(lane::action::send& what);
    void carry_out(const lane::action::probe& what);
    void carry_out(const lane::action::find_lock_holder& what);
    void carry_out(lane::action::judge& what);
    void carry_out(lane::action::answers& what);
    void carry_out(const lane::action::begin_soon& what);
    void carry_out(const lane::action::begin_at& what);
    void carry_out(const lane::action::reconnect_after& what);
    void carry_out(const lane::action::opened& what);
    void carry_out(const lane::action::lost& what);
    void carry_out(lane::action::fenced& what);
    void carry_out(const lane::action::first_commit& what);
    void carry_out(const lane::action::drained& what);
    void carry_out(const lane::action::session_lost& what);
    void carry_out(const lane::action::not_plain& what);
    void carry_out(const lane::action::catalogue_changed& what);
    void carry_out(const lane::action::write_blamed& what);
    void carry_out(const lane::action::writes_fail& what);
    void carry_out(const lane::action::not_swept& what);
    void carry_out(const lane::action::lock_wait& what);

    void on_made(lane::connection_id which, result<made_connection> made);
    pipeline::listener listen_to(lane::connection_id which);
    void cancel(lane::connection_id which);
    void tell_who_fenced();
    void watch_for_silence(lane::connection_id which);
    void watch_for_silence(lane::connection_id which, std::chrono::milliseconds after);
    void schedule_sweep();

    boost::asio::any_io_executor executor_;
    lane::applier applier_;
    lane_events events_;
    fence_raise raised_;  ///< As the lane's connection found it.
    lane_errands errands_;
    std::shared_ptr<statement_judge> judge_;
    writing_connections connections_;
    boost::asio::steady_timer clock_;
    boost::asio::steady_timer sweep_;
    std::function<void()> drained_;
};

}  // namespace penholder::postgres
