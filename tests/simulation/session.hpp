#pragma once

#include "ensemble.hpp"
#include "group/action.hpp"
#include "group/event.hpp"
#include "timeline.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace penholder::simulation {

/// One process's connection to the simulated ensemble. Requests and replies take time and stay in order; what is under
/// way when the connection goes is lost, carried out or not. A session lives on in the ensemble for its time-out after
/// it was last heard.
class session : public std::enable_shared_from_this<session> {
public:
    using teller = std::function<void(group::any_event)>;

    session(location where, ensemble& of) : where_(where), ensemble_(of) {}

    void open();
    void close(std::function<void()> done);
    /// Tells the process what happens; nobody, where `whom` is empty.
    void tell_to(teller whom) { teller_ = std::move(whom); }

    // What a group's machine asks for.
    void carry_out(const group::action::create_znodes& asked);
    void carry_out(const group::action::watch_znode& asked);
    void carry_out(const group::action::change_znodes& asked);

    /// A request of any kind: `perform` runs where the ensemble is and answers what is to run when the reply arrives;
    /// `lose` runs here when there will be no reply.
    using perform = std::function<std::function<void()>()>;
    void request(perform what, std::function<void()> lose);
    /// What the server that this session is connected to shows.
    const moment& shown();
    /// The product's roster: who is enrolled, a little later.
    void show_members();
    void leave_watch(const std::string& path, std::int64_t since);

    std::int64_t id() const noexcept { return id_; }
    bool is_heard() const noexcept { return teller_ != nullptr; }
    void tell(group::any_event what) const {
        if (teller_) teller_(std::move(what));
    }
    void answer(election::ticket ticket, election::ensemble_reply with) const;

    // The world's doing.
    void cut();
    void mend();
    void process_paused() { went_quiet(); }
    void process_resumed();
    void process_gone() { went_quiet(); }
    void end_by_ensemble();
    bool is_cut() const noexcept { return cut_; }

private:
    void change(election::ticket ticket, std::function<election::ensemble_reply()> what);
    void connect_soon();
    void connect();
    void came_up();
    void went_down();
    void went_quiet();
    void expire();
    void fire(std::uint64_t generation, const std::string& where);
    void deliver(duration lag, std::function<void()> what);
    void tell_suspended(std::uint64_t generation);
    void tell_overdue_later();
    void tell_expired(std::uint64_t generation);
    void tell_session(election::any_event what);

    location where_;
    ensemble& ensemble_;
    teller teller_;
    std::int64_t id_ = 0;
    std::uint64_t generation_ = 0;
    bool open_ = false;
    bool connected_ = false;
    bool connecting_ = false;
    bool cut_ = false;
    std::uint64_t connection_ = 0;  ///< Grows with each that is made or lost.
    std::uint64_t quiet_ = 0;       ///< Grows whenever the ensemble hears of the session again.
    std::int64_t seen_ = 0;         ///< The newest transaction that a reply showed.
    bool writes_ = false;           ///< The request that is carried out is a write: its reply waits for the server.
    duration lag_{};
    time_point last_sent_{};
    time_point last_delivered_{};
    std::uint64_t requests_ = 0;
    std::map<std::uint64_t, std::function<void()>> pending_;
};

/// Answers `action::read_group` over the session. The reads may show one moment or several, as drawn.
void read_group(const std::shared_ptr<session>& over, const group::action::read_group& asked, std::string node);

}  // namespace penholder::simulation
