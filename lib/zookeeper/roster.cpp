#include "roster.hpp"

#include "base/log_event.hpp"
#include "election/group_snapshot.hpp"
#include "election/records.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace penholder::zookeeper {
namespace {

using std::chrono::microseconds;

/// A roster of so many is read at once.
constexpr std::size_t few = 32;

/// In a larger group each node waits before it lists, and between two records, the longer the more there are: all of
/// them together list at most 500 times a second on average, and read 5000 records. However many nodes come and go at
/// once, rosters leave the ensemble to elections.
constexpr microseconds before_listing(4000);
constexpr microseconds between_records(400);

/// Published while a long reading is under way, each time so many more are known.
constexpr std::size_t share_published = 64;

}  // namespace

class roster_core : public std::enable_shared_from_this<roster_core> {
public:
    roster_core(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
        : session_(with),
          path_(paths.members),
          on_change_(std::move(on_change)),
          timer_(with.get_executor()),
          random_(std::random_device()()) {}

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

    void leave() {
        session_.unsubscribe(subscription_);
        timer_.cancel();
    }

    void refresh() {
        stale_ = true;
        if (!reading_ && !put_off_) read();
    }

    void want() {
        wanted_ = true;
        if (std::exchange(put_off_, false) && !reading_ && session_.connected()) read();
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
        after(before_listing, &roster_core::list);
    }

    void list() {
        stale_ = false;
        session_.children(path_, true, then<listing>(&roster_core::on_listed));
    }

    /// Goes on at once in a small group, else after a random share of `most_for_each` for each member.
    void after(microseconds most_for_each, void (roster_core::*go_on)()) {
        if (known_.size() <= few && unread_.size() <= few) return (this->*go_on)();
        const auto most = most_for_each * std::max(known_.size(), unread_.size());
        timer_.expires_after(microseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random_)));
        timer_.async_wait([weak = weak_from_this(), go_on](boost::system::error_code cancelled) {
            const auto self = weak.lock();
            if (self && !cancelled) ((*self).*go_on)();
        });
    }

    /// Without the parent there is nothing to list; a watch tells when somebody creates it.
    void on_listed(reply<listing> found) {
        if (!found) {
            const bool no_parent = found.error().why == reason::no_node;
            if (no_parent) session_.exists(path_, true, then<stat>(&roster_core::on_parent));
            return finish();
        }
        if (found->names.size() > few && !wanted_) {
            reading_ = false;
            put_off_ = true;
            return;
        }
        find_unread(*found);
        if (unread_.empty()) return publish_all();
        if (unread_.size() > few) return read_next();
        pending_ = unread_.size();
        for (const auto& name : std::exchange(unread_, {})) get(name);
    }

    void read_next() {
        pending_ = 1;
        auto name = std::move(unread_.back());
        unread_.pop_back();
        get(std::move(name));
    }

    void get(std::string name) {
        auto path = path_ + "/" + name;
        session_.get(std::move(path), false, [weak = weak_from_this(), name = std::move(name)](reply<znode> read) {
            if (const auto self = weak.lock()) self->on_member(name, read);
        });
    }

    /// A member's record never changes while its znode exists, so what was read need not be read again: with a thousand
    /// nodes one that leaves costs each of the others one listing, not a thousand readings. Where more came and went
    /// than the names show, somebody was here twice, and everything is read anew; what was known is shown until then.
    void find_unread(const listing& found) {
        const std::set<std::string> present(found.names.begin(), found.names.end());
        const auto before = known_.size();
        changed_ |= 0 < std::erase_if(known_, [&](const auto& one) { return !present.contains(one.first); });
        const auto seen = (before - known_.size()) + (present.size() - known_.size());
        const auto happened = found.stat.child_changes - listed_.child_changes;
        const bool same_parent = found.stat.created == listed_.created;
        const bool anew = !same_parent || static_cast<std::int64_t>(seen) != happened;
        listed_ = found.stat;
        unread_.clear();
        std::ranges::copy_if(found.names, std::back_inserter(unread_),
                             [&](const auto& name) { return anew || !known_.contains(name); });
    }

    void on_parent(reply<stat> answer) {
        if (answer) refresh();
    }

    void on_member(const std::string& name, const reply<znode>& read) {
        if (read) {
            auto record = election::decode_member(path_ + "/" + name, read->data);
            if (!record) log_warn("malformed_znode").with("reason", record.error().message);
            const bool present = record && election::is_owned(read->stat.owner);
            keep(name, present ? std::optional(std::move(*record)) : std::nullopt);
        }
        if (!read && read.error().why != reason::no_node) unread_.clear();  // A new connection begins anew.
        if (--pending_ > 0) return;
        if (unread_.empty()) return publish_all();
        if (unread_.size() % share_published == 0) publish();
        after(between_records, &roster_core::read_next);
    }

    void keep(const std::string& name, std::optional<member> record) {
        const auto [place, is_new] = known_.try_emplace(name);
        if (!is_new && place->second == record) return;
        changed_ |= record || place->second;
        place->second = std::move(record);
    }

    void publish_all() {
        publish();
        finish();
    }

    /// They are sorted by name, as their znodes are.
    void publish() {
        if (!std::exchange(changed_, false)) return;
        std::vector<member> all;
        for (const auto& [name, record] : known_) {
            if (record) all.push_back(*record);
        }
        on_change_(std::move(all));
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
    bool wanted_ = false;
    bool put_off_ = false;  ///< There are many members, and nobody has asked for them.
    bool changed_ = false;  ///< Since they were published.
    std::size_t pending_ = 0;
    std::vector<std::string> unread_;
    boost::asio::steady_timer timer_;
    std::mt19937_64 random_;
    std::map<std::string, std::optional<member>> known_;  ///< Nothing where it holds no record, or no session owns it.
    stat listed_;                                         ///< The parent's, when it was listed last.
};

roster::roster(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
    : core_(std::make_shared<roster_core>(with, paths, std::move(on_change))) {
    core_->listen();
}

void roster::want() {
    core_->want();
}

roster::~roster() {
    core_->leave();
}

}  // namespace penholder::zookeeper
