#include "documents.hpp"

namespace penholder::daemon {
namespace {

namespace json = boost::json;

json::object to_json(const write_counters& counted) {
    return {{"committed", counted.committed}, {"rejected", counted.rejected},   {"unknown", counted.unknown},
            {"replayed", counted.replayed},   {"forwarded", counted.forwarded}, {"overloaded", counted.overloaded},
            {"batches", counted.batches}};
}

}  // namespace

json::object to_json(const leadership& shown) {
    return {{"group", shown.group},   {"role", to_string(shown.role)}, {"term", shown.term},
            {"leader", shown.leader}, {"endpoint", shown.endpoint},    {"leader_serving", shown.leader_serving}};
}

json::object to_json(const member& shown) {
    return {{"node", shown.node},
            {"incarnation", shown.incarnation},
            {"endpoint", shown.endpoint},
            {"http_endpoint", shown.http_endpoint},
            {"role_wanted", shown.role_wanted},
            {"version", shown.version},
            {"started_at", shown.started_at},
            {"settings", shown.settings}};
}

json::object to_json(const term_record& shown) {
    return {{"term", shown.number},
            {"node", shown.node},
            {"since", shown.since},
            {"began", shown.began},
            {"evidence", shown.evidence}};
}

json::object to_json(const group_status& shown) {
    json::object document = to_json(shown.now);
    document["leader_since"] = shown.leader_since;
    document["eligible"] = shown.eligible;
    document["paused"] = shown.paused;
    document["database_connected"] = shown.database_connected;
    document["link_connected"] = shown.link_connected;
    document["last_contact_ms"] = shown.last_contact_ms ? json::value(*shown.last_contact_ms) : json::value(nullptr);
    document["pending_writes"] = shown.pending_writes;
    document["queued_writes"] = shown.queued_writes;
    document["links"] = shown.links;
    document["leader_changes"] = shown.leader_changes;
    document["process_deaths"] = shown.process_deaths;
    document["evictions"] = shown.evictions;
    document["counters"] = to_json(shown.counters);
    document["members"] = to_json(shown.members);
    document["trouble"] = shown.trouble;
    return document;
}

json::object to_json(const node_status& shown) {
    return {{"node", shown.node},
            {"incarnation", shown.incarnation},
            {"version", shown.version},
            {"started_at", shown.started_at},
            {"endpoint", shown.endpoint},
            {"ensemble_connected", shown.ensemble_connected},
            {"session", shown.session},
            {"session_timeout_ms", shown.session_timeout_ms},
            {"groups", to_json(shown.groups)}};
}

}  // namespace penholder::daemon
