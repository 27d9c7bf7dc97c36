#pragma once

#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <string>

namespace penholder::testing {

/// A leader and a follower that is linked to it.
struct two_nodes {
    explicit two_nodes(const std::string& group_keys = {}, const std::string& http_keys = {},
                       const running_daemon::headers& with = {})
        : leader((plan.group = group_keys, plan.http = http_keys, plan)),
          follower((leader.wait_until_ready(), plan.name = "orders-2", plan)) {
        follower.wait_until_live();
        wait_until("the follower is linked",
                   [&] { return follower.get("/v1/groups/orders", with).text("link_connected") == "true"; });
    }
    running_daemon::plan plan = leading_plan();
    running_daemon leader;
    running_daemon follower;
};

}  // namespace penholder::testing
