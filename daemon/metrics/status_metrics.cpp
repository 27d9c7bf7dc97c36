#include "daemon/metrics/status_metrics.hpp"

#include <array>
#include <limits>

namespace penholder::daemon {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct group_metric {
    const char* name;
    const char* help;
    MetricType type;
    double (*value)(const group_status&);
};

template <class Number>
double number(Number value) {
    return static_cast<double>(value);
}

double last_contact(const group_status& of) {
    if (of.last_contact_ms) return number(*of.last_contact_ms) / 1000;
    return std::numeric_limits<double>::quiet_NaN();
}

double seconds_left(const std::optional<std::int64_t>& of) {
    return of ? number(*of) : std::numeric_limits<double>::quiet_NaN();
}

constexpr auto group_metrics = std::to_array<group_metric>({
    {"penholder_leader", "1 on the node that leads the group.", MetricType::Gauge,
     [](const group_status& of) { return number(of.now.is_leader()); }},
    {"penholder_leader_known", "1 where the node knows who leads.", MetricType::Gauge,
     [](const group_status& of) { return number(!of.now.leader.empty()); }},
    {"penholder_leader_serving", "1 where the leader is known to serve.", MetricType::Gauge,
     [](const group_status& of) { return number(of.now.leader_serving); }},
    {"penholder_term", "The leader's term; 0 when no leader is known.", MetricType::Gauge,
     [](const group_status& of) { return number(of.now.term); }},
    {"penholder_eligible", "1 where the node could lead.", MetricType::Gauge,
     [](const group_status& of) { return number(of.eligible); }},
    {"penholder_paused", "1 while operators have paused elections.", MetricType::Gauge,
     [](const group_status& of) { return number(of.paused); }},
    {"penholder_database_connected", "1 while the lane is connected.", MetricType::Gauge,
     [](const group_status& of) { return number(of.database_connected); }},
    {"penholder_link_connected", "1 while the node reaches the leader, or is it.", MetricType::Gauge,
     [](const group_status& of) { return number(of.link_connected); }},
    {"penholder_last_contact_seconds", "Since the leader was last heard on the link.", MetricType::Gauge, last_contact},
    {"penholder_pending_writes", "Writes of this node's callers without a receipt yet.", MetricType::Gauge,
     [](const group_status& of) { return number(of.pending_writes); }},
    {"penholder_queued_writes", "Writes that wait for the lane (leader).", MetricType::Gauge,
     [](const group_status& of) { return number(of.queued_writes); }},
    {"penholder_queue_wait_seconds", "Expected answer time of a new write (leader).", MetricType::Gauge,
     [](const group_status& of) { return number(of.queue_wait_ms) / 1000; }},
    {"penholder_links", "Followers linked to this node (leader).", MetricType::Gauge,
     [](const group_status& of) { return number(of.links); }},
    {"penholder_members", "Nodes enrolled in the group.", MetricType::Gauge,
     [](const group_status& of) { return number(of.members.size()); }},
    {"penholder_leader_changes_total", "Changes of leader that this node saw.", MetricType::Counter,
     [](const group_status& of) { return number(of.leader_changes); }},
    {"penholder_leader_deaths_total", "Leaders whose process death this node's link has proven.", MetricType::Counter,
     [](const group_status& of) { return number(of.process_deaths); }},
    {"penholder_evictions_total", "Dead leaders that this node evicted and followed.", MetricType::Counter,
     [](const group_status& of) { return number(of.evictions); }},
    {"penholder_replayed_total", "Writes that the ledger answered.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.replayed); }},
    {"penholder_forwarded_total", "Writes that this node forwarded.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.forwarded); }},
    {"penholder_overloaded_total", "Writes refused because a queue was full.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.overloaded); }},
    {"penholder_batches_total", "Batches committed by this node.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.batches); }},
    {"penholder_sessions_open", "Connections for writes that are not plain (leader).", MetricType::Gauge,
     [](const group_status& of) { return number(of.counters.sessions_open); }},
    {"penholder_suspects_blamed_total", "Writes rejected because they ended their connection twice.",
     MetricType::Counter, [](const group_status& of) { return number(of.counters.suspects_blamed); }},
    {"penholder_catalogue_changes_total", "Changes of the database's catalogue that this node noticed.",
     MetricType::Counter, [](const group_status& of) { return number(of.counters.catalogue_changes); }},
    {"penholder_lock_waits_total", "Writes that waited for a lock of somebody outside.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.lock_waits); }},
    {"penholder_lock_waiting", "Writes that wait for such a lock now (leader).", MetricType::Gauge,
     [](const group_status& of) { return number(of.lock_waits.size()); }},
    {"penholder_writes_failing", "1 while the leader has applied no write for some seconds.", MetricType::Gauge,
     [](const group_status& of) { return number(!of.write_outage.empty()); }},
    {"penholder_refused_hosts", "Hosts of the connection string that are up and not written to.", MetricType::Gauge,
     [](const group_status& of) { return number(of.refused_hosts.size()); }},
    {"penholder_fence_setbacks_total", "Raises that found the fence older than the last raise known.",
     MetricType::Counter, [](const group_status& of) { return number(of.counters.fence_setbacks); }},
    {"penholder_keys_recorded_total", "Keys that this node recorded in the ledger.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.keys_recorded); }},
    {"penholder_keys_forgotten_total", "Rows of the ledger that were swept after their retention.", MetricType::Counter,
     [](const group_status& of) { return number(of.counters.keys_forgotten); }},
});

struct node_metric {
    const char* name;
    const char* help;
    double (*value)(const node_status&);
};

constexpr auto node_metrics = std::to_array<node_metric>({
    {"penholder_ensemble_connected", "1 while the node has a session with the ensemble, which answers.",
     [](const node_status& of) { return number(of.ensemble_connected); }},
    {"penholder_session_timeout_seconds", "As granted by the ensemble.",
     [](const node_status& of) { return number(of.session_timeout_ms) / 1000; }},
    {"penholder_link_certificate_ends_seconds", "Until the certificate of the node's links ends; NaN without one.",
     [](const node_status& of) { return seconds_left(of.link_certificate_ends_in_s); }},
    {"penholder_ensemble_certificate_ends_seconds",
     "Until the certificate ends that the ensemble is shown; NaN "
     "without one.",
     [](const node_status& of) { return seconds_left(of.ensemble_certificate_ends_in_s); }},
});

ClientMetric sample(MetricType type, double value, std::vector<ClientMetric::Label> labels) {
    ClientMetric made;
    made.label = std::move(labels);
    (type == MetricType::Counter ? made.counter.value : made.gauge.value) = value;
    return made;
}

MetricFamily family(const group_metric& of, const node_status& now) {
    MetricFamily made{of.name, of.help, of.type, {}};
    for (const auto& group : now.groups) {
        made.metric.push_back(sample(of.type, of.value(group), {{"group", group.now.group}}));
    }
    return made;
}

MetricFamily writes(const node_status& now) {
    MetricFamily made{"penholder_writes_total", "Writes of this node's callers, by outcome.", MetricType::Counter, {}};
    for (const auto& group : now.groups) {
        const auto add = [&](const char* outcome, std::uint64_t count) {
            made.metric.push_back(
                sample(MetricType::Counter, number(count), {{"group", group.now.group}, {"outcome", outcome}}));
        };
        add("committed", group.counters.committed);
        add("rejected", group.counters.rejected);
        add("unknown", group.counters.unknown);
    }
    return made;
}

MetricFamily applied_writes(const node_status& now) {
    MetricFamily made{"penholder_applied_writes_total",
                      "Writes that this node applied, by their way to the database.",
                      MetricType::Counter,
                      {}};
    for (const auto& group : now.groups) {
        const auto add = [&](const char* way, std::uint64_t count) {
            made.metric.push_back(
                sample(MetricType::Counter, number(count), {{"group", group.now.group}, {"way", way}}));
        };
        add("lane", group.counters.lane_writes);
        add("session", group.counters.session_writes);
    }
    return made;
}

MetricFamily not_plain(const node_status& now) {
    MetricFamily made{
        "penholder_not_plain_total", "Writes that took a session, by the reason.", MetricType::Counter, {}};
    for (const auto& group : now.groups) {
        for (const auto& [reason, count] : group.counters.not_plain) {
            made.metric.push_back(
                sample(MetricType::Counter, number(count), {{"group", group.now.group}, {"reason", reason}}));
        }
    }
    return made;
}

void add_ensemble_servers(std::vector<MetricFamily>& to, const node_status& now) {
    MetricFamily made{
        "penholder_ensemble_connections_total", "TLS connections to the ensemble.", MetricType::Counter, {}};
    MetricFamily refused{"penholder_ensemble_refusals_total",
                         "TLS connections to the ensemble that were not made, by the reason.",
                         MetricType::Counter,
                         {}};
    MetricFamily moved{"penholder_ensemble_bytes_total",
                       "Bytes to and from the ensemble, before they are encrypted.",
                       MetricType::Counter,
                       {}};
    for (const auto& [server, connections, sent, received, refusals, trouble] : now.ensemble_servers) {
        const auto add = [&](MetricFamily& in, std::uint64_t count, std::vector<ClientMetric::Label> labels) {
            labels.insert(labels.begin(), {"server", server});
            in.metric.push_back(sample(MetricType::Counter, number(count), std::move(labels)));
        };
        add(made, connections, {});
        for (const auto& [reason, count] : refusals) add(refused, count, {{"reason", reason}});
        add(moved, sent, {{"direction", "sent"}});
        add(moved, received, {{"direction", "received"}});
    }
    for (auto* each : {&made, &refused, &moved}) to.push_back(std::move(*each));
}

}  // namespace

std::vector<MetricFamily> status_metrics(const node_status& now) {
    std::vector<MetricFamily> all;
    for (const auto& each : node_metrics) {
        all.push_back({each.name, each.help, MetricType::Gauge, {sample(MetricType::Gauge, each.value(now), {})}});
    }
    for (const auto& each : group_metrics) all.push_back(family(each, now));
    all.push_back(writes(now));
    all.push_back(applied_writes(now));
    all.push_back(not_plain(now));
    add_ensemble_servers(all, now);
    all.push_back({"penholder_build_info",
                   "Always 1; version and node are its labels.",
                   MetricType::Gauge,
                   {sample(MetricType::Gauge, 1, {{"version", now.version}, {"node", now.node}})}});
    return all;
}

std::vector<std::string> status_metric_names() {
    std::vector<std::string> names;
    for (const auto& family : status_metrics({})) names.push_back(family.name);
    return names;
}

}  // namespace penholder::daemon
