#pragma once

#include "action.hpp"
#include "base/backoff.hpp"
#include "base/mutation.hpp"
#include "event.hpp"
#include "group_snapshot.hpp"
#include "succession.hpp"

#include <penholder/leadership.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// Who stands, and how patient it is.
struct elector_options {
    std::string group;
    std::string node;
    std::string incarnation;
    std::string endpoint;
    int priority = 0;
    bool observer = false;
    bool eligible = false;  ///< At the start; a group without a database is eligible at once.
    std::uint64_t seed = 1;
    std::chrono::milliseconds retry_first{100};
    std::chrono::milliseconds retry_most{3000};
    std::chrono::milliseconds fence_backoff_first{100};
    std::chrono::milliseconds fence_backoff_most{10000};
    std::chrono::milliseconds heir_within{2000};
    std::chrono::milliseconds drain_within{10000};
    std::chrono::milliseconds vacancy_after{5000};
    /// Until none happened for `evictions_within`; 0: only the ensemble ends sessions.
    std::size_t most_evictions = 5;
    std::chrono::milliseconds evictions_within{60000};
};

/// Decides one node's part in the election of one group. Events in, actions out: no socket, clock, thread or lock, and
/// every event is legal in every state. Owned by the group's candidacy.
///
/// It does not walk through steps but compares what it last saw of the group with what ought to be, and asks for the
/// one next change. So a lost reply, a znode that somebody removed and a fresh start are all the same case. At most
/// one question to the ensemble is open; after a disconnect its answer is no longer listened to.
class elector {
public:
    explicit elector(elector_options options);

    actions on(const any_event& what);

    const leadership& current() const noexcept { return current_; }
    const control_record& control() const noexcept { return seen_.control; }
    bool eligible() const noexcept;
    std::string leader_since() const;  ///< Empty when unknown.
    std::uint64_t evictions() const noexcept { return evictions_; }

private:
    enum class connection : std::uint8_t { none, suspended, up };
    enum class stage : std::uint8_t { fencing, serving };

    /// This node's own leadership, from the election on.
    struct own_leadership {
        penholder::term term{};
        elector::stage stage = stage::fencing;
        bool declared = false;         ///< The own `leader` znode says that it serves.
        std::string heir{};            ///< Named, and about to take over.
        std::string heir_timed_out{};  ///< Was named, and did not take over in time.
        bool draining = false;
        bool drained = false;
    };

    /// Another node's leadership, as the ensemble or the fence shows it.
    struct other_leader {
        penholder::term term{};
        std::string node;
        std::string endpoint;
        bool serving = false;
        bool from_fence = false;
    };

    // What happened (elector.cpp).
    void handle(const event::session_up& what);
    void handle(const event::session_suspended& what);
    void handle(const event::session_expired& what);
    void handle(const event::leader_changed& what);
    void handle(const event::control_changed& what);
    void handle(const event::self_changed& what);
    void handle(const event::candidate_changed& what);
    void handle(const event::timer_fired& what);
    void handle(const event::eligibility& what);
    void handle(const event::database_term& what);
    void handle(const event::fence_raised& what);
    void handle(const event::fence_failed& what);
    void handle(const event::fenced& what);
    void handle(const event::drained& what);
    void handle(const event::leader_died& what);
    void handle(const event::leader_heard& what);
    void handle(const event::resign& what);
    void handle(const event::stop& what);

    // What the ensemble answered (elector_answers.cpp).
    void handle(const event::snapshot_read& what);
    void handle(const event::answered& what);
    void done(const action::create_parents& asked);
    void done(const action::enroll& asked);
    void done(const action::create_candidate& asked);
    void done(const action::set_candidate& asked);
    void done(const action::remove_candidate& asked);
    void done(const action::watch_candidate& asked);
    void done(const action::lead& asked);
    void done(const action::declare_serving& asked);
    void done(const action::give_up& asked);
    void done(const action::set_control& asked);
    void done(const action::withdraw& asked);
    template <class Other>
    void done(const Other&) {}
    void take_back_eviction();
    void note_removal(const action::removal& done);
    void failed(const event::answered& what);
    void take_in(const group_snapshot& seen);
    void warn(const std::vector<error>& warnings);
    void recognise_leader();
    void check_own_leadership();
    void find_place();

    // What to do next (elector_duties.cpp).
    void proceed();
    void next_step();
    void look();
    void enroll();
    bool may_lead();
    void stand();
    void follow();
    void lead();
    std::optional<action::removal> removal() const;
    void declare_serving();
    void govern();
    void consider_handover();
    void wait_for_heir();
    void refuse_handover(error why);
    error no_heir(const std::string& wanted) const;
    void begin_drain();
    void give_up();
    void leave();
    void finish();

    template <class Question>
    void ask(Question question) {
        asking_ = question.ticket = ++tickets_;
        asked_ = question;
        out_.push_back(std::move(question));
    }
    void arm(timer which, std::chrono::milliseconds delay);
    void rest();
    void changed(std::uint64_t generation, scope how_much);
    void need(scope what);
    void log_line(std::string_view event, std::vector<action::log::field> fields);
    void step_down();
    void forget_session();
    void settle();
    leadership now() const;
    role own_role() const;
    std::optional<error> trouble() const;

    bool fresh(std::uint64_t generation) const noexcept {
        return generation >= generation_ || mutated(mutation::stale_generation_accepted);
    }
    bool owns_leader() const noexcept {
        return seen_.leader && (seen_.leader->owner == session_ || mutated(mutation::owner_ignored));
    }
    bool leads(elector::stage at) const noexcept { return own_ && own_->stage == at; }
    bool vacant();
    bool leader_agreed() const;
    bool leader_is_dead() const;
    bool may_evict();
    bool agreed() const;
    bool is_target() const;
    std::string target() const;
    std::string handover_wanted() const;
    std::vector<candidate_seen> own_candidates() const;
    std::vector<contender> contenders(const std::string& without) const;
    std::string choose_heir(const std::string& wanted) const;
    std::string began() const;
    std::string evidence() const;

    elector_options options_;
    backoff retries_;
    backoff fence_backoffs_;

    connection connection_ = connection::none;
    std::uint64_t generation_ = 0;
    std::int64_t session_ = 0;

    ticket tickets_ = 0;
    ticket asking_ = 0;  ///< The open question; 0 without one.
    any_action asked_;
    ticket timers_[timers] = {};
    bool resting_ = false;  ///< A failed step waits for its timer.

    std::optional<scope> needed_;  ///< How much has to be looked at again.
    bool surveyed_ = false;        ///< The last look was a whole one and still stands.
    group_snapshot seen_;
    bool enrolled_ = false;
    bool is_candidate_ = false;  ///< Has had a candidate since it enrolled.
    bool first_ = false;         ///< First in succession, as of the last whole look.
    std::optional<contender> predecessor_;
    std::string watched_;  ///< The candidate that a watch is on.

    std::optional<own_leadership> own_;
    bool confirmed_ = false;    ///< The own `leader` znode was seen, or made, since the last disconnect.
    bool overwritten_ = false;  ///< It holds what this node did not write.
    term last_own_term_;        ///< The newest term that this node led and leads no more.
    bool had_served_ = false;
    term highest_;  ///< The highest term seen anywhere.
    std::optional<other_leader> other_;

    std::optional<process_death> death_;  ///< Of the leader last seen, or of one that the ensemble has not shown yet.
    std::size_t evictions_left_ = 0;
    std::uint64_t evictions_ = 0;
    term withheld_;  ///< The term whose eviction was withheld, as the log has been told.

    bool host_eligible_ = false;
    bool backing_off_ = false;  ///< The fence could not be raised a moment ago.
    bool resign_ = false;
    bool stopping_ = false;
    bool stopped_ = false;

    std::optional<error> failure_;
    std::optional<error> fence_failure_;
    std::optional<error> reported_trouble_;
    std::vector<error> logged_warnings_;
    leadership current_;
    actions out_;
};

}  // namespace penholder::election
