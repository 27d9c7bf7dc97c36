#pragma once

#include "action.hpp"
#include "instant.hpp"
#include "link_target.hpp"
#include "write/route.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

using search_action =
    std::variant<action::read_receipt, action::forget_key, action::send, action::answer_find, action::answer_peer>;
using search_actions = std::vector<search_action>;

/// Searches for the receipts of write ids where the leader is: in this node's own database where it leads, else over
/// the link; and has those of rejected writes forgotten there. Searches in the database wait for one connection: as
/// many as wait for it now are enough, and none is waited for longer than its caller does. A write that was under way
/// when it was asked for, and of which there is no receipt, is in flight: nobody may take it for one that was never
/// made. Each search is answered once. Tickets rise. Every call is legal at any time; answers to a search that is over
/// say nothing. Owned by the write flow.
class receipt_search {
public:
    using found = result<std::optional<receipt>>;

    static constexpr std::chrono::seconds within{2};
    static constexpr std::size_t most_reads = 256;

    receipt_search(std::string group, bool has_database) : group_(std::move(group)), has_database_(has_database) {}

    struct question {
        ticket from;
        std::string id;
        bool under_way = false;                        ///< A write of that id waits for its answer at this node.
        std::optional<std::string> forgotten_by = {};  ///< The receipt is to be forgotten, and who wants that.
    };

    /// Asked by a caller of this node. `link` is the one that is up, if any.
    search_actions find(question what, const route& where, std::optional<link_id> link, time_point now);
    /// Asked by a follower.
    search_actions find_for_peer(question what, const route& where, time_point now);

    /// The own database has answered. `under_way`: a write of that id was on the lane or in a session meanwhile.
    search_actions read(ticket from, found what, bool under_way);
    search_actions replied(ticket from, wire::find_result what);
    /// The own database has forgotten it, or not; nothing was done where it was `under_way`.
    search_actions forgotten(ticket from, found what, bool under_way);
    search_actions replied(ticket from, wire::forget_result what);
    search_actions not_sent(ticket from);

    search_actions time_passed(time_point now);
    std::optional<time_point> next_deadline() const;

    /// Answers all that is left.
    search_actions give_up();

private:
    struct searching {
        std::string id;
        bool under_way = false;
        std::optional<std::string> forgotten_by;
        bool for_peer = false;
        time_point deadline{};
        error if_late;
    };

    search_actions find_here(question what, term held, bool for_peer, time_point now);
    search_actions find_there(question what, link_id over, time_point now);
    search_actions over(ticket from, found what);
    search_action nobody_leads(question asked, const std::string& last) const;
    void open(const question& what, bool for_peer, error if_late, time_point now);
    static search_action answer(question asked, bool peer, found what);

    std::string group_;
    bool has_database_ = false;
    std::map<ticket, searching> open_;  ///< In the order of their deadlines, too.
    std::size_t reads_ = 0;             ///< Under way at the database, whether or not somebody waits for them still.
};

}  // namespace penholder::group
