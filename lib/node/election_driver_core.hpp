#pragma once

#include "base/clock.hpp"
#include "election/elector.hpp"
#include "election/paths.hpp"
#include "election_driver.hpp"
#include "model/ids.hpp"
#include "zookeeper/roster.hpp"
#include "zookeeper/session.hpp"

#include <deque>
#include <list>
#include <memory>

namespace penholder {

/// The shell of one elector: tells it what the ensemble and the host say, and carries out its actions. Decides nothing.
/// Owned by `election_driver`; runs on the session's executor. The host's handlers are posted, in order.
class election_driver_core : public std::enable_shared_from_this<election_driver_core> {
public:
    election_driver_core(zookeeper::session& session, election_driver_options options,
                         election_driver_handlers handlers);

    void start();
    void leave();
    void stop(std::function<void()> done);
    void on(const election::any_event& what);

    void handover(std::string heir, std::chrono::milliseconds within, std::function<void(result<leadership>)> done);
    void resign(std::chrono::milliseconds within, std::function<void(result<leadership>)> done);
    void pause(bool paused, std::function<void(result<>)> done);
    void history(std::function<void(result<std::vector<term_record>>)> done);

    const election::elector& elector() const noexcept { return elector_; }
    std::string leader_since() const;
    const std::vector<member>& members() const noexcept { return members_; }
    const std::optional<error>& trouble() const noexcept { return trouble_; }

private:
    /// Somebody who waits until the leader of a term is followed by another that serves.
    struct succession_wait {
        std::uint64_t from_term = 0;
        bool seen = false;  ///< The request was seen in `control`; when it goes and the leader stays, it was refused.
        steady_timer deadline;
        std::function<void(result<leadership>)> done;
        std::shared_ptr<bool> alive;  ///< Gone once the wait is over.
    };
    using waits = std::list<succession_wait>;

    void on_session(const zookeeper::session_event& what);
    void on_watch(const zookeeper::watch_event& what);

    void carry_out(const election::action::read& asked);
    void carry_out(const election::action::create_parents& asked);
    void carry_out(const election::action::enroll& asked);
    void carry_out(const election::action::create_candidate& asked);
    void carry_out(const election::action::set_candidate& asked);
    void carry_out(const election::action::remove_candidate& asked);
    void carry_out(const election::action::watch_candidate& asked);
    void carry_out(const election::action::lead& asked);
    void carry_out(const election::action::declare_serving& asked);
    void carry_out(const election::action::give_up& asked);
    void carry_out(const election::action::set_control& asked);
    void carry_out(const election::action::withdraw& asked);
    void carry_out(const election::action::report& what);
    void carry_out(const election::action::raise_fence& what);
    void carry_out(const election::action::drain& what);
    void carry_out(const election::action::refuse& what);
    void carry_out(const election::action::trouble& what);
    void carry_out(const election::action::log& what);
    void carry_out(const election::action::arm& what);
    void carry_out(const election::action::stopped& what);

    /// Tells the elector how the ensemble took the question of `ticket`.
    template <class T>
    std::function<void(zookeeper::reply<T>)> answer_to(election::ticket ticket);
    void answered(election::ticket ticket, const zookeeper::failure& why);

    /// Posts a call to one of the host's handlers.
    template <class... Arguments>
    void tell(std::function<void(Arguments...)> election_driver_handlers::*handler,
              std::decay_t<Arguments>... arguments);

    std::vector<zookeeper::operation> steps_of(const election::action::removal& leader) const;

    waits::iterator wait(std::chrono::milliseconds within, std::function<void(result<leadership>)> done);
    void review_waits();
    void finish_wait(waits::iterator which, result<leadership> outcome);
    void refuse_waits(const error& why);

    zookeeper::session& session_;
    election_driver_options options_;
    election_driver_handlers handlers_;
    election::group_paths paths_;
    election::elector elector_;
    std::unique_ptr<zookeeper::roster> roster_;
    std::uint64_t subscription_ = 0;
    std::vector<steady_timer> timers_;  ///< One for each `election::timer`.
    std::deque<election::any_event> events_;
    bool busy_ = false;

    std::string elected_since_;
    std::vector<member> members_;
    std::optional<error> trouble_;
    waits waits_;
    bool stopped_ = false;
    std::vector<std::function<void()>> stop_waits_;
};

}  // namespace penholder
