#pragma once

#include "action.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace penholder {

/// A write between submit and answer.
struct pending_write {
    using time_point = std::chrono::steady_clock::time_point;
    enum class place { waiting, lane, link };

    ticket from;
    checked_write what;
    std::optional<std::uint64_t> sequence;  ///< Where this origin gave the id.
    time_point deadline;
    place at = place::waiting;
    bool in_doubt = false;     ///< An attempt ended without proof. Only a decided answer takes this away.
    bool asked_again = false;  ///< An earlier answer to this id was `unknown`.
    bool held = false;         ///< It had to wait, so a full queue is no reason to turn it away.
    int tries = 0;
    std::optional<error> ran_into = {};  ///< The last attempt to which PostgreSQL raised something.
    time_point due;                      ///< When it wants to be looked at again.

    const std::string& id() const noexcept { return what.id().text(); }

    /// An attempt before the one to come may have been applied, or one by way of another node.
    bool may_be_decided() const noexcept {
        const bool given_elsewhere = what.id().given() != nullptr && !sequence;
        return in_doubt || asked_again || given_elsewhere;
    }
};

/// All pending writes of one router, in order of arrival, with the time at which each is to be looked at again.
/// Pointers stay good until erase(). Owned by the router.
class pending_table {
public:
    using time_point = pending_write::time_point;

    pending_write& add(pending_write one);
    pending_write* find(ticket which) noexcept;
    bool holds(ticket which) const noexcept { return writes_.contains(which); }
    bool holds(std::string_view id) const { return ids_.contains(id); }
    void erase(pending_write& one);
    void rename(pending_write& one, write_id id);

    /// It was given to the lane or sent on the link.
    void sent(pending_write& one, pending_write::place where);

    /// It waits, ready to be sent at any moment, until `one.deadline`.
    void make_ready(pending_write& one);

    /// It waits and is not to be sent before `until`.
    void delay(pending_write& one, time_point until);

    /// All that were delayed are ready.
    void wake_delayed();

    void look_again(pending_write& one, time_point when);

    /// The first to have arrived of those that are ready.
    pending_write* first_ready() noexcept;

    /// One whose time to be looked at has come. The caller erases it or gives it another time.
    pending_write* first_due(time_point now) noexcept;
    std::optional<time_point> next_due() const;

    std::vector<ticket> on_link() const;
    std::vector<ticket> waiting() const;
    std::vector<ticket> everything() const;

    std::size_t size() const noexcept { return writes_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t link_count() const noexcept { return on_link_.size(); }

private:
    /// An entry of one of the sets below, taken out of it; empty where the write was in none.
    using set_entry = std::set<ticket>::node_type;
    set_entry leave_place(const pending_write& one);

    std::map<ticket, pending_write> writes_;
    std::size_t bytes_ = 0;
    std::unordered_map<std::string_view, ticket> ids_;
    std::set<ticket> ready_;
    std::set<ticket> delayed_;
    std::set<ticket> on_link_;
    std::set<std::pair<time_point, ticket>> due_;
};

}  // namespace penholder
