// The stand-in for the reader of a group's znodes.
#include "zookeeper/snapshot_reader.hpp"

#include "simulation/world.hpp"

#include <unordered_map>
#include <utility>

namespace penholder::zookeeper {
namespace {

using election::group_snapshot;
using simulation::kept_znode;
using simulation::moment;
using simulation::the_world;

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
class snapshot_reader : public std::enable_shared_from_this<snapshot_reader> {
public:
    snapshot_reader(session& with, std::weak_ptr<const void> owner, election::group_paths paths, std::string node,
                    std::function<void(reply<group_snapshot>)> done)
        : session_(with),
          owner_(std::move(owner)),
          paths_(std::move(paths)),
          node_(std::move(node)),
          done_(std::move(done)) {}

    void begin(election::scope scope) {
        const bool full = scope == election::scope::full;
        simulation::tell(node_, "reads {}", full ? "everything" : "leader and control");
        seen_.scope = scope;
        if (!full) return ask(&snapshot_reader::read_leader, &snapshot_reader::finish);
        const bool torn = the_world().chance.permille(the_world().conditions.look_torn);
        if (!torn) return ask(&snapshot_reader::read_all, &snapshot_reader::finish);
        ask(&snapshot_reader::read_group, nullptr);
        ask(&snapshot_reader::read_leader, &snapshot_reader::ask_candidates);
    }

private:
    using step = void (snapshot_reader::*)();
    using reading = void (snapshot_reader::*)(const moment&);

    void ask(reading read, step then) {
        const auto self = shared_from_this();
        session_.request(
            [self, read, then]() -> std::function<void()> {
                ((*self).*read)(self->session_.group_snapshot());
                return [self, then] {
                    if (then != nullptr && !self->owner_.expired()) ((*self).*then)();
                };
            },
            [self] { self->lose(); });
    }

    void lose() {
        if (!std::exchange(over_, true) && !owner_.expired()) done_(failure{reason::connection_loss, 0, paths_.leader});
    }
    void finish() {
        if (std::exchange(over_, true)) return;
        simulation::tell(
            node_, "sees {}leader '{}', {} candidates", seen_.scope == election::scope::full ? "all: " : "",
            seen_.leader && seen_.leader->record ? seen_.leader->record->node : "", seen_.candidates.size());
        done_(std::move(seen_));
    }
    void ask_candidates() { ask(&snapshot_reader::read_candidates, &snapshot_reader::finish); }

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
        session_.leave_watch(paths_.member(node_), now.zxid);
        if (const auto* self = now.find(paths_.member(node_))) {
            const auto& record = decoded(election::decode_member, *self);
            seen_.self = election::member_seen{self->owner, record ? record->incarnation : "unknown"};
        }
        persistent(now, paths_.members);
        if (const auto* terms = persistent(now, paths_.terms)) {
            seen_.terms_version = terms->version;
            take(decoded(election::decode_terms, *terms), seen_.terms, seen_);
        }
        if (persistent(now, paths_.candidates) != nullptr) candidates_ = now.children(paths_.candidates);
    }

    void read_leader(const moment& now) {
        session_.leave_watch(paths_.leader, now.zxid);
        if (const auto* leader = now.find(paths_.leader)) {
            seen_.leader = election::leader_seen{std::nullopt, leader->owner, leader->version};
            take(decoded(election::decode_leader, *leader), seen_.leader->record, seen_);
            find_leaders_member(now);
        }
        if (const auto* control = persistent(now, paths_.control)) {
            session_.leave_watch(paths_.control, now.zxid);
            seen_.control_version = control->version;
            take(decoded(election::decode_control, *control), seen_.control, seen_);
        }
    }

    void find_leaders_member(const moment& now) {
        auto& leader = *seen_.leader;
        if (seen_.scope == election::scope::partial || !leader.record || leader.record->node == node_) return;
        const auto* its = now.find(paths_.member(leader.record->node));
        if (its != nullptr && its->owner == leader.owner) leader.member_version = its->version;
    }

    void read_candidates(const moment& now) {
        const auto own = election::candidate_prefix(session_.id());
        for (const auto& name : candidates_) {
            const auto* found = now.find(paths_.candidate(name));
            if (found == nullptr) continue;
            if (name.starts_with(own)) session_.leave_watch(found->path, now.zxid);
            auto& one = seen_.candidates.emplace_back();
            one.znode = name;
            one.version = found->version;
            take(decoded(election::decode_candidate, *found), one.record, seen_);
        }
    }

    session& session_;
    std::weak_ptr<const void> owner_;
    election::group_paths paths_;
    std::string node_;
    std::function<void(reply<group_snapshot>)> done_;
    group_snapshot seen_;
    std::vector<std::string> candidates_;
    bool over_ = false;
};

}  // namespace

void read_snapshot(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths, std::string node,
                   election::scope scope, std::function<void(reply<group_snapshot>)> done) {
    std::make_shared<snapshot_reader>(with, std::move(owner), paths, std::move(node), std::move(done))->begin(scope);
}

}  // namespace penholder::zookeeper
