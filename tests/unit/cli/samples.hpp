#pragma once

#include "cli/survey/group_state.hpp"

#include <string>
#include <vector>

namespace penholder::cli {

/// A member "orders-<n>" that answers at 127.0.0.1:743<n>.
inline member sample_member(int n) {
    const std::string number = std::to_string(n);
    return {"orders-" + number,
            "000000000000000" + number,
            "10.0.0." + number + ":7431",
            "127.0.0.1:743" + number,
            "candidate",
            "0.1.0",
            "2026-11-23T19:00:00.000Z",
            "abc"};
}

/// A group of three: orders-1 serves term 7, the other two follow.
inline zookeeper::group_view sample_view() {
    zookeeper::group_view view;
    view.group = "orders";
    for (int n = 1; n <= 3; ++n) {
        view.members.push_back(sample_member(n));
        zookeeper::candidate_view candidate;
        candidate.node = view.members.back().node;
        candidate.priority = n == 1 ? 10 : 0;
        candidate.eligible = true;
        view.candidates.push_back(candidate);
    }
    view.leader = election::leader_record{"orders-1", "0000000000000001",       "10.0.0.1:7431",
                                          7,          election::phase::serving, "2026-11-23T19:30:00.000Z"};
    view.terms = {{6, "orders-2", "2026-11-23T19:00:00.000Z", "election"},
                  {7, "orders-1", "2026-11-23T19:30:00.000Z", "handover"}};
    return view;
}

/// What orders-<n> says of itself while orders-1 leads.
inline node_report sample_report(int n) {
    const member self = sample_member(n);
    node_status status;
    status.node = self.node;
    status.incarnation = self.incarnation;
    status.version = self.version;
    status.endpoint = self.endpoint;
    status.ensemble_connected = true;
    status.session_timeout_ms = 6000;
    group_status group;
    group.now = {"orders", n == 1 ? role::serving : role::follower, 7, "orders-1", "10.0.0.1:7431", true};
    group.leader_since = "2026-11-23T19:30:00.000Z";
    group.eligible = true;
    group.queued_writes = n == 1 ? 12 : 0;
    if (n != 1) group.last_contact_ms = 40;
    for (int each = 1; each <= 3; ++each) group.members.push_back(sample_member(each));
    status.groups.push_back(group);
    node_report report;
    report.url = "http://" + self.http_endpoint;
    report.status = status;
    return report;
}

inline node_report silent_report(int n) {
    node_report report;
    report.url = "http://" + sample_member(n).http_endpoint;
    report.why = {errc::link_lost, "Connection refused"};
    return report;
}

inline survey sample_survey() {
    survey seen;
    seen.ensemble_asked = true;
    seen.groups.push_back(sample_view());
    for (int n = 1; n <= 3; ++n) seen.nodes.push_back(sample_report(n));
    return seen;
}

/// The same nodes, seen while the ensemble is down: the leader goes on suspended.
inline survey survey_without_ensemble() {
    survey seen = sample_survey();
    seen.groups.clear();
    seen.ensemble_trouble = error{errc::ensemble_unreachable, "the ensemble did not answer"};
    for (node_report& each : seen.nodes) each.status->ensemble_connected = false;
    seen.nodes[0].status->groups[0].now.role = role::suspended;
    return seen;
}

}  // namespace penholder::cli
