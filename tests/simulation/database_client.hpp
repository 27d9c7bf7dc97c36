#pragma once

#include "group/action.hpp"
#include "group/event.hpp"
#include "model/fence_record.hpp"
#include "timeline.hpp"

#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace penholder::simulation {

class simulated_lane;

/// What a node's connection string says, and which database it finds there.
inline constexpr std::string_view groups_database = "simulated/1";
inline constexpr std::string_view foreign_database = "simulated/2";

/// Does what a group's machine asks of its database, at the simulated server, over a network that may not let it
/// through.
class database_client {
public:
    using teller = std::function<void(group::any_event)>;

    database_client(group_options group, std::string node, std::string endpoint, teller tell);
    ~database_client();
    database_client(const database_client&) = delete;
    database_client& operator=(const database_client&) = delete;

    void carry_out(const group::action::expect_database&) {}  ///< There is one server.
    void carry_out(const group::action::prepare_to_lead&) {}  ///< Connections take no time here.
    void carry_out(const group::action::probe& what);
    void carry_out(const group::action::raise_fence& what);
    void carry_out(const group::action::open_lane& what);
    void carry_out(const group::action::drain_lane& what);
    void carry_out(const group::action::close_lane& what);
    void carry_out(group::action::apply& what);
    void carry_out(const group::action::read_receipt& what);
    void carry_out(const group::action::forget_key& what);

    void describe(group_status& status) const;

private:
    bool holds(const std::string& id) const;
    fence_record record_of(term which) const { return {group_.name, which, node_, endpoint_, {}}; }

    group_options group_;
    std::string node_;
    std::string endpoint_;
    std::shared_ptr<teller> tell_;  ///< What is under way holds it weakly.
    std::map<group::lane_id, std::shared_ptr<simulated_lane>> lanes_;
};

}  // namespace penholder::simulation
