#pragma once

#include "election/action.hpp"
#include "election/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace penholder::scenario {

/// The node that a process of this name says it is.
std::string node_of(const std::string& name);

/// One group's znodes in memory, with versions, owners and one-shot watches, as an ensemble keeps them. What an elector
/// asks is carried out at once; watches that fire are collected for the world to deliver.
class ensemble_model {
public:
    struct fired {
        std::string name;
        election::any_event event;  ///< Its generation is the world's to fill in.
    };

    /// `name` asks in `session`. Two processes of one node have names that differ behind a "'".
    election::any_event carry_out(const std::string& name, const std::string& incarnation, std::int64_t session,
                                  const election::any_action& question);

    void end_session(std::int64_t session);
    bool can_remove(const election::action::removal& leader) const;
    void forget_watches(const std::string& name);
    void set_control(election::control_record wanted);
    void remove_everything();
    void forget_terms();
    void remove_leader();
    void overwrite_leader();
    // Somebody removes the znode and makes it again by hand, so that no session owns it.
    void orphan_leader();
    void orphan_member(const std::string& node);
    void orphan_candidate(const std::string& node);
    void start_sequence_at(std::int32_t sequence) { sequence_ = sequence; }

    std::vector<fired> take_fired() { return std::exchange(fired_, {}); }

    const std::optional<election::leader_seen>& leader() const { return leader_; }
    std::size_t members() const { return members_.size(); }
    const std::vector<term_record>& terms() const { return terms_; }
    std::size_t candidates() const { return candidates_.size(); }
    /// How many records of candidates were read so far.
    std::size_t candidates_read() const { return candidates_read_; }

private:
    struct ephemeral {
        std::int64_t owner = 0;
        std::string incarnation;
        std::string database{};
    };
    struct candidate {
        std::int64_t owner = 0;
        election::candidate_seen seen;
    };
    enum class spot : std::uint8_t { leader, control, self, candidate };
    struct watch {
        spot where;
        std::string what;
        auto operator<=>(const watch&) const = default;
    };
    struct asker {
        std::string name;  ///< Whose watches they are.
        std::string node;  ///< Whose znodes they are.
        std::string incarnation;
        std::int64_t session = 0;
    };

    election::ensemble_reply take(const asker& who, const election::action::create_parents& question);
    election::ensemble_reply take(const asker& who, const election::action::enroll& question);
    election::ensemble_reply take(const asker& who, const election::action::create_candidate& question);
    election::ensemble_reply take(const asker& who, const election::action::set_candidate& question);
    election::ensemble_reply take(const asker& who, const election::action::remove_candidate& question);
    election::ensemble_reply take(const asker& who, const election::action::watch_candidate& question);
    election::ensemble_reply take(const asker& who, const election::action::lead& question);
    election::ensemble_reply take(const asker& who, const election::action::declare_serving& question);
    election::ensemble_reply take(const asker& who, const election::action::give_up& question);
    election::ensemble_reply take(const asker& who, const election::action::set_control& question);
    election::ensemble_reply take(const asker& who, const election::action::withdraw& question);
    election::ensemble_reply take(const asker& who, const election::action::read& question);
    template <class Other>
    election::ensemble_reply take(const asker&, const Other&) {
        return election::ensemble_reply::failed;
    }

    election::group_snapshot read(const asker& who, election::scope scope);
    void read_candidates(const asker& who, election::group_snapshot& into);
    void fire(spot where, const std::string& what = {});
    void remove_candidate(const std::string& znode);
    void remove(const election::action::removal& leader);

    bool exists_ = false;
    std::map<std::string, ephemeral> members_;
    std::map<std::string, candidate> candidates_;
    std::optional<election::leader_seen> leader_;
    std::vector<term_record> terms_;
    std::int32_t terms_version_ = 0;
    election::control_record control_;
    std::int32_t control_version_ = 0;
    std::int32_t sequence_ = 0;
    std::size_t candidates_read_ = 0;
    std::map<std::string, std::set<watch>> watches_;
    std::vector<fired> fired_;
};

}  // namespace penholder::scenario
