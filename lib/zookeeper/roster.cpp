#include "roster.hpp"

#include "base/log_event.hpp"
#include "election/group_snapshot.hpp"
#include "election/records.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace penholder::zookeeper {

class roster_core : public std::enable_shared_from_this<roster_core> {
public:
    roster_core(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
        : session_(with), path_(paths.members), on_change_(std::move(on_change)) {}

    void listen() {
        subscription_ = session_.subscribe({path_,
                                            [this](const session_event& event) {
                                                if (event.what == session_event::kind::connected) refresh();
                                            },
                                            [this](const watch_event& event) {
                                                if (event.path == path_) refresh();
                                            }});
        if (session_.connected()) refresh();
    }

    void leave() { session_.unsubscribe(subscription_); }

    void refresh() {
        stale_ = true;
        if (!reading_) read();
    }

private:
    template <class T>
    std::function<void(reply<T>)> then(void (roster_core::*take)(reply<T>)) {
        return [weak = weak_from_this(), take](reply<T> answer) {
            if (const auto self = weak.lock()) ((*self).*take)(std::move(answer));
        };
    }

    void read() {
        reading_ = true;
        stale_ = false;
        session_.children(path_, true, then<listing>(&roster_core::on_listed));
    }

    /// Without the parent there is nothing to list; a watch tells when somebody creates it.
    void on_listed(reply<listing> found) {
        if (!found) {
            const bool no_parent = found.error().why == reason::no_node;
            if (no_parent) session_.exists(path_, true, then<stat>(&roster_core::on_parent));
            return finish();
        }
        forget_the_gone(*found);
        std::vector<std::string> unread;
        std::ranges::copy_if(found->names, std::back_inserter(unread),
                             [this](const auto& name) { return !known_.contains(name); });
        pending_ = unread.size();
        if (pending_ == 0) return publish();
        for (const auto& name : unread) {
            session_.get(path_ + "/" + name, false, [weak = weak_from_this(), name](reply<znode> read) {
                if (const auto self = weak.lock()) self->on_member(name, read);
            });
        }
    }

    /// A member's record never changes while its znode exists, so what was read need not be read again: with a thousand
    /// nodes one that leaves costs each of the others one listing, not a thousand readings. Where more came and went
    /// than the names show, somebody was here twice, and everything is read anew.
    void forget_the_gone(const listing& found) {
        const std::set<std::string> present(found.names.begin(), found.names.end());
        const auto before = known_.size();
        std::erase_if(known_, [&](const auto& one) { return !present.contains(one.first); });
        const auto seen = (before - known_.size()) + (present.size() - known_.size());
        const auto happened = found.stat.child_changes - listed_.child_changes;
        const bool same_parent = found.stat.created == listed_.created;
        if (!same_parent || static_cast<std::int64_t>(seen) != happened) known_.clear();
        listed_ = found.stat;
    }

    void on_parent(reply<stat> answer) {
        if (answer) refresh();
    }

    void on_member(const std::string& name, const reply<znode>& read) {
        if (read) {
            auto record = election::decode_member(path_ + "/" + name, read->data);
            if (!record) log_warn("malformed_znode").with("reason", record.error().message);
            const bool present = record && election::is_owned(read->stat.owner);
            known_.insert_or_assign(name, present ? std::optional(std::move(*record)) : std::nullopt);
        }
        if (--pending_ == 0) publish();
    }

    void publish() {
        std::vector<member> all;
        for (const auto& [name, record] : known_) {
            if (record) all.push_back(*record);
        }
        std::ranges::sort(all, {}, &member::node);
        if (all != reported_) {
            reported_ = std::move(all);
            on_change_(reported_);
        }
        finish();
    }

    void finish() {
        reading_ = false;
        if (stale_ && session_.connected()) read();
    }

    session& session_;
    std::string path_;
    std::function<void(std::vector<member>)> on_change_;
    std::uint64_t subscription_ = 0;
    bool reading_ = false;
    bool stale_ = false;
    std::size_t pending_ = 0;
    std::map<std::string, std::optional<member>> known_;  ///< Nothing where it holds no record, or no session owns it.
    stat listed_;                                         ///< The parent's, when it was listed last.
    std::vector<member> reported_;
};

roster::roster(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
    : core_(std::make_shared<roster_core>(with, paths, std::move(on_change))) {
    core_->listen();
}

roster::~roster() {
    core_->leave();
}

}  // namespace penholder::zookeeper
