#include "snapshot_reader.hpp"

#include "election/candidate_survey.hpp"

#include <optional>
#include <utility>

namespace penholder::zookeeper {
namespace {

/// One reading under way: counts the replies that are still to come.
class snapshot_reader : public std::enable_shared_from_this<snapshot_reader> {
public:
    snapshot_reader(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths,
                    std::string node, std::function<void(reply<election::group_snapshot>)> done)
        : session_(with), owner_(std::move(owner)), paths_(paths), node_(std::move(node)), done_(std::move(done)) {}

    void read(election::scope scope) {
        snapshot_.scope = scope;
        if (scope == election::scope::full) read_the_rest();
        read_leader();
    }

private:
    /// `control` is read before `leader`: a snapshot whose `control` shows that a handover was done shows its new
    /// leader, too.
    void read_leader() {
        session_.get(paths_.control, true, expect<znode>(&snapshot_reader::on_control));
        session_.get(paths_.leader, true, expect<znode>(&snapshot_reader::on_leader));
    }

    void read_the_rest() {
        session_.get(paths_.member(node_), true, expect<znode>(&snapshot_reader::on_self));
        session_.exists(paths_.members, false, expect<stat>(&snapshot_reader::on_members));
        session_.get(paths_.terms, false, expect<znode>(&snapshot_reader::on_terms));
        session_.children(paths_.candidates, false, expect<listing>(&snapshot_reader::on_candidates));
    }

    template <class T>
    std::function<void(reply<T>)> expect(void (snapshot_reader::*take)(reply<T>)) {
        ++pending_;
        return [self = shared_from_this(), take](reply<T> answer) {
            if (self->owner_.expired()) return;
            ((*self).*take)(std::move(answer));
            self->settle();
        };
    }

    void settle() {
        if (--pending_ > 0) return;
        if (failed_) return done_(*failed_);
        if (names_) read_candidates();
        if (pending_ == 0) done_(std::move(snapshot_));
    }

    void fail(const failure& why) {
        if (!failed_) failed_ = why;
    }

    /// A reading leaves a watch only where there is something to read. What has come into being since then is read
    /// after all.
    void watch_for(const std::string& path, const failure& why, void (snapshot_reader::*take)(reply<znode>)) {
        if (why.why != reason::no_node) return fail(why);
        ++pending_;
        session_.exists(path, true, [self = shared_from_this(), path, take](const reply<stat>& found) {
            if (self->owner_.expired()) return;
            if (found) self->session_.get(path, false, self->expect<znode>(take));
            if (!found && found.error().why != reason::no_node) self->fail(found.error());
            self->settle();
        });
    }

    /// A persistent znode that is not there means that the group is to be created, again perhaps.
    template <class T>
    bool present(const reply<T>& answer) {
        if (answer) return true;
        if (answer.error().why != reason::no_node) fail(answer.error());
        snapshot_.group_exists = false;
        return false;
    }

    void on_leader(reply<znode> answer) {
        if (!answer) return watch_for(paths_.leader, answer.error(), &snapshot_reader::on_leader);
        election::leader_seen seen{std::nullopt, answer->stat.owner, answer->stat.version};
        if (auto record = election::decode_leader(paths_.leader, answer->data)) {
            seen.record = std::move(*record);
        } else {
            snapshot_.warnings.push_back(record.error());
        }
        snapshot_.found_leader(paths_.leader, std::move(seen));
        const auto* shown = snapshot_.leader_shown();
        const bool others = shown != nullptr && shown->node != node_;
        if (snapshot_.scope == election::scope::full && others) {
            session_.exists(paths_.member(shown->node), false, expect<stat>(&snapshot_reader::on_leaders_member));
        }
    }

    void on_leaders_member(reply<stat> answer) {
        if (!answer && answer.error().why != reason::no_node) fail(answer.error());
        if (answer && answer->owner == snapshot_.leader->owner) snapshot_.leader->member_version = answer->version;
    }

    void on_control(reply<znode> answer) {
        if (!present(answer)) return;
        snapshot_.control_version = answer->stat.version;
        if (auto record = election::decode_control(paths_.control, answer->data)) {
            snapshot_.control = std::move(*record);
        } else {
            snapshot_.warnings.push_back(record.error());
        }
    }

    void on_self(reply<znode> answer) {
        if (!answer) return watch_for(paths_.member(node_), answer.error(), &snapshot_reader::on_self);
        const auto record = election::decode_member(paths_.member(node_), answer->data);
        snapshot_.found_self(paths_.member(node_), node_,
                             {answer->stat.owner, record ? record->incarnation : "unknown",
                              record ? record->database : "", answer->stat.version, record ? record->binding : ""});
    }

    void on_members(reply<stat> answer) { present(answer); }

    void on_terms(reply<znode> answer) {
        if (!present(answer)) return;
        snapshot_.terms_version = answer->stat.version;
        if (auto terms = election::decode_terms(paths_.terms, answer->data)) {
            snapshot_.terms = std::move(*terms);
        } else {
            snapshot_.warnings.push_back(terms.error());
        }
    }

    void on_candidates(reply<listing> answer) {
        if (present(answer)) names_ = std::move(answer->names);
    }

    /// When everything else is known: who leads, and whether a handover is asked for, says whose records matter.
    void read_candidates() {
        if (!survey_) survey_.emplace(*names_, session_.id(), snapshot_);
        const auto own = election::candidate_prefix(session_.id());
        for (const auto& name : survey_->next()) {
            const auto path = paths_.candidate(name);
            ++pending_;
            session_.get(path, name.starts_with(own), [self = shared_from_this(), name, path](reply<znode> read) {
                if (self->owner_.expired()) return;
                self->on_candidate(name, path, read);
                self->settle();
            });
        }
        if (pending_ == 0) survey_->complete(snapshot_);
    }

    void on_candidate(const std::string& name, const std::string& path, const reply<znode>& read) {
        if (!read) {
            if (read.error().why == reason::not_authorized) return found_closed(path, read.error());
            if (read.error().why != reason::no_node) fail(read.error());
            return;
        }
        election::candidate_seen seen{name, {}, read->stat.version};
        if (auto record = election::decode_candidate(path, read->data)) {
            seen.record = std::move(*record);
        } else {
            snapshot_.warnings.push_back(record.error());
        }
        survey_->read(name, seen.record, election::is_owned_candidate(name, read->stat.owner));
        snapshot_.found_candidate(path, std::move(seen), read->stat.owner);
    }

    /// A candidate of a node with other credentials: whether it could lead cannot be known, and nobody waits for it.
    void found_closed(const std::string& path, const failure& why) {
        snapshot_.warnings.push_back(
            {errc::unauthorized, "znode " + path + " cannot be read (" + std::string(to_string(why.why)) +
                                     "); give all nodes of the group the same zookeeper.digest"});
    }

    session& session_;
    std::weak_ptr<const void> owner_;
    election::group_paths paths_;
    std::string node_;
    std::function<void(reply<election::group_snapshot>)> done_;
    election::group_snapshot snapshot_;
    std::optional<std::vector<std::string>> names_;  ///< Of all candidates.
    std::optional<election::candidate_survey> survey_;
    std::optional<failure> failed_;
    int pending_ = 0;
};

}  // namespace

void read_snapshot(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths, std::string node,
                   election::scope scope, std::function<void(reply<election::group_snapshot>)> done) {
    std::make_shared<snapshot_reader>(with, std::move(owner), paths, std::move(node), std::move(done))->read(scope);
}

}  // namespace penholder::zookeeper
