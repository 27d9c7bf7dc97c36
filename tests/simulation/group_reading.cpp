// Reading a group's znodes, as the product's survey does, in fewer requests.
#include "election/candidate_survey.hpp"
#include "election/paths.hpp"
#include "session.hpp"
#include "world.hpp"

#include <unordered_map>
#include <utility>

namespace penholder::simulation {
namespace {

using election::group_snapshot;

/// Reads a znode's record, and remembers what its text meant: the same few texts are read again and again.
template <class Record>
const result<Record>& decoded(result<Record> (*decode)(std::string_view, std::string_view), const kept_znode& from) {
    static std::unordered_map<std::string, result<Record>> known;
    if (const auto found = known.find(from.data); found != known.end()) return found->second;
    if (known.size() > 4096) known.clear();
    return known.emplace(from.data, decode(from.path, from.data)).first->second;
}

template <class Record, class Into>
void take(const result<Record>& read, Into& into, group_snapshot& seen) {
    if (read) {
        into = *read;
    } else {
        seen.warnings.push_back(read.error());
    }
}

/// One reading under way. What it reads first is the oldest.
class reading : public std::enable_shared_from_this<reading> {
public:
    reading(std::shared_ptr<session> over, election::ticket ticket, std::string node)
        : session_(std::move(over)), ticket_(ticket), paths_("/penholder", "g"), node_(std::move(node)) {}

    void begin(election::scope scope) {
        const bool full = scope == election::scope::full;
        tell(node_, "reads {}", full ? "everything" : "leader and control");
        seen_.scope = scope;
        if (!full) return ask(&reading::read_leader, &reading::finish);
        const bool torn = the_world().chance.permille(the_world().conditions.read_torn);
        if (!torn) return ask(&reading::read_all, &reading::finish);
        ask(&reading::read_group, nullptr);
        ask(&reading::read_leader, &reading::ask_candidates);
    }

private:
    using step = void (reading::*)();
    using look = void (reading::*)(const moment&);

    void ask(look read, step then) {
        const auto self = shared_from_this();
        session_->request(
            [self, read, then]() -> std::function<void()> {
                ((*self).*read)(self->session_->shown());
                return [self, then] {
                    if (then != nullptr && self->session_->is_heard()) ((*self).*then)();
                };
            },
            [self] { self->lose(); });
    }

    void lose() {
        if (!std::exchange(over_, true)) session_->answer(ticket_, election::ensemble_reply::lost);
    }
    void finish() {
        if (std::exchange(over_, true)) return;
        tell(node_, "sees {}leader '{}', {} candidates", seen_.scope == election::scope::full ? "all: " : "",
             seen_.leader && seen_.leader->record ? seen_.leader->record->node : "", seen_.candidates.size());
        session_->tell(group::event::ensemble{election::event::snapshot_read{ticket_, std::move(seen_)}});
    }
    void ask_candidates() { ask(&reading::read_candidates, &reading::finish); }

    void read_all(const moment& now) {
        read_group(now);
        read_leader(now);
        read_candidates(now);
    }

    const kept_znode* persistent(const moment& now, const std::string& path) {
        const auto* found = now.find(path);
        if (found == nullptr) seen_.group_exists = false;
        return found;
    }

    void read_group(const moment& now) {
        session_->leave_watch(paths_.member(node_), now.zxid);
        if (const auto* self = now.find(paths_.member(node_))) {
            const auto& record = decoded(election::decode_member, *self);
            seen_.found_self(self->path, node_,
                             {self->owner, record ? record->incarnation : "unknown", record ? record->database : "",
                              self->version, record ? record->binding : ""});
        }
        persistent(now, paths_.members);
        if (const auto* terms = persistent(now, paths_.terms)) {
            seen_.terms_version = terms->version;
            take(decoded(election::decode_terms, *terms), seen_.terms, seen_);
        }
        if (persistent(now, paths_.candidates) != nullptr) candidates_ = now.children(paths_.candidates);
    }

    void read_leader(const moment& now) {
        session_->leave_watch(paths_.leader, now.zxid);
        if (const auto* leader = now.find(paths_.leader)) {
            election::leader_seen found{std::nullopt, leader->owner, leader->version};
            take(decoded(election::decode_leader, *leader), found.record, seen_);
            seen_.found_leader(paths_.leader, std::move(found));
            if (seen_.leader) find_leaders_member(now);
        }
        if (const auto* control = persistent(now, paths_.control)) {
            session_->leave_watch(paths_.control, now.zxid);
            seen_.control_version = control->version;
            take(decoded(election::decode_control, *control), seen_.control, seen_);
        }
    }

    void find_leaders_member(const moment& now) {
        auto& leader = *seen_.leader;
        if (seen_.scope != election::scope::full || !leader.record || leader.record->node == node_) return;
        const auto* its = now.find(paths_.member(leader.record->node));
        if (its != nullptr && its->owner == leader.owner) leader.member_version = its->version;
    }

    void read_candidates(const moment& now) {
        election::candidate_survey survey(candidates_, session_->id(), seen_);
        for (auto names = survey.next(); !names.empty(); names = survey.next()) {
            for (const auto& name : names) read_candidate(now, name, survey);
        }
        survey.complete(seen_);
    }

    void read_candidate(const moment& now, const std::string& name, election::candidate_survey& survey) {
        const auto* found = now.find(paths_.candidate(name));
        if (found == nullptr) return;
        const auto own = election::candidate_prefix(session_->id());
        if (name.starts_with(own)) session_->leave_watch(found->path, now.zxid);
        election::candidate_seen one{name, {}, found->version};
        take(decoded(election::decode_candidate, *found), one.record, seen_);
        survey.read(name, one.record, election::is_owned_candidate(name, found->owner));
        seen_.found_candidate(found->path, std::move(one), found->owner);
    }

    std::shared_ptr<session> session_;
    election::ticket ticket_ = 0;
    election::group_paths paths_;
    std::string node_;
    group_snapshot seen_;
    std::vector<std::string> candidates_;
    bool over_ = false;
};

}  // namespace

void read_group(const std::shared_ptr<session>& over, const group::action::read_group& asked, std::string node) {
    std::make_shared<reading>(over, asked.ticket, std::move(node))->begin(asked.scope);
}

}  // namespace penholder::simulation
