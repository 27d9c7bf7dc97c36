#pragma once

#include "group/event.hpp"
#include "lane/applier.hpp"
#include "lane_wire.hpp"
#include "timeline.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace penholder::simulation {

/// A lane and its sessions: carries out what the product's own applier decides, over connections to the simulated
/// server, as lib/postgres/lane_core does over real ones.
class simulated_lane : public std::enable_shared_from_this<simulated_lane> {
public:
    using teller = std::function<void(group::any_event)>;

    simulated_lane(group::lane_id id, group_options group, fence_record held, std::weak_ptr<teller> tell);
    ~simulated_lane();
    simulated_lane(const simulated_lane&) = delete;
    simulated_lane& operator=(const simulated_lane&) = delete;

    void start() { run(applier_.start()); }
    void submit(lane::lane_write what);
    void drain() { run(applier_.drain(now())); }
    void close();

    const lane::applier& decides() const noexcept { return applier_; }

private:
    using connection_id = lane::connection_id;

    static time_point now() { return present().local_now(); }

    void run(lane::lane_actions todo);
    template <class Work>
    void later(duration delay, Work work) {
        present().after(delay, here_, [weak = weak_from_this(), work = std::move(work)]() mutable {
            if (const auto self = weak.lock()) work(*self);
        });
    }

    void carry_out(const lane::action::connect& what);
    void carry_out(const lane::action::disconnect& what) { drop(what.which); }
    void carry_out(const lane::action::terminate& what);
    void carry_out(lane::action::send& what);
    void carry_out(const lane::action::probe& what);
    void carry_out(const lane::action::judge& what);
    void carry_out(lane::action::answers& what);
    void carry_out(const lane::action::begin_soon& what);
    void carry_out(const lane::action::begin_at& what);
    void carry_out(const lane::action::reconnect_after& what);
    void carry_out(const lane::action::opened& what);
    void carry_out(const lane::action::lost& what);
    void carry_out(const lane::action::first_commit& what);
    void carry_out(const lane::action::drained& what);
    void carry_out(const lane::action::fenced& what);
    // For the log only.
    void carry_out(const lane::action::session_lost&) {}
    void carry_out(const lane::action::not_plain&) {}
    void carry_out(const lane::action::catalogue_changed&) {}
    void carry_out(const lane::action::write_blamed&) {}
    void carry_out(const lane::action::writes_fail&) {}
    void carry_out(const lane::action::not_swept&) {}
    void carry_out(const lane::action::lock_wait&) {}
    /// Nobody asks: that is the shell's clock, and nobody outside writes here.
    void carry_out(const lane::action::find_lock_holder&) {}

    /// A connection that is being made.
    struct attempt {
        database_server::link over;
        bool ended = false;
    };
    database_server::link dial(connection_id which, const std::shared_ptr<attempt>& made);
    void connected(connection_id which, std::uint64_t number, const attempt& made, const result<lane::opened>& seen);
    void lost(connection_id which, const std::string& why);
    void replied(connection_id which, const database_server::link& over, database_server::replies answers);
    database_server::link drop(connection_id which);
    void watch(connection_id which);
    void tell(group::any_event what) const;
    void tell_soon(group::any_event what);

    location here_;
    group::lane_id id_;
    lane::applier applier_;
    std::weak_ptr<teller> tell_;
    std::map<connection_id, lane_wire> wires_;
};

}  // namespace penholder::simulation
