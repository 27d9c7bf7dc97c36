#pragma once

#include "group/action.hpp"
#include "group/event.hpp"
#include "node_context.hpp"
#include "postgres/database.hpp"
#include "postgres/workers.hpp"

#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace penholder {

/// Does what a group's machine asks of its database, and tells it what came of it. Decides nothing. Owned by the
/// group's shell, on the node's strand; a group without a database is never asked for anything.
class database_shell : public std::enable_shared_from_this<database_shell> {
public:
    database_shell(const node_context& context, const group_options& group, std::shared_ptr<postgres::workers> threads,
                   std::function<void(group::any_event)> tell);

    void carry_out(const group::action::expect_database& what);
    void carry_out(const group::action::prepare_to_lead& what);
    void carry_out(const group::action::probe& what);
    void carry_out(const group::action::raise_fence& what);
    void carry_out(const group::action::open_lane& what);
    void carry_out(const group::action::drain_lane& what);
    void carry_out(const group::action::close_lane& what);
    void carry_out(group::action::apply& what);
    void carry_out(const group::action::read_receipt& what);
    void carry_out(const group::action::forget_key& what);

    /// What the lanes know: batches, queue, and how long it is.
    void describe(group_status& status) const;

    /// Ends the lanes; what they had not sent is handed back.
    void close_lanes();
    /// Nothing is told any more, and lanes are closed.
    void close();

private:
    using teller = std::function<void(group::any_event)>;

    /// Whether some lane has taken a write of that id and not answered it.
    bool holds(const std::string& id) const;

    void tell(group::any_event what) const {
        if (tell_) tell_(std::move(what));
    }

    node_context context_;
    std::shared_ptr<postgres::database> database_;
    teller tell_;
    std::map<group::lane_id, postgres::lane_connection> lanes_;
    lane::lane_counters before_;  ///< Of lanes that are closed.
};

}  // namespace penholder
