#include "timeouts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace penholder::config {
namespace {

void add_silence(const options& node, std::vector<timeout>& all) {
    const std::string story = "the leader falls silent";
    all.push_back({story, "link.ping_interval_ms", node.link.ping_interval_ms, "followers ask whether it is there"});
    all.push_back({story, "link.silence_timeout_ms", node.link.silence_timeout_ms, "they cut the link and dial again"});
    all.push_back(
        {story, "link.handshake_timeout_ms", node.link.handshake_timeout_ms, "a dial that hangs is given up"});
    all.push_back({story, "zookeeper.session_timeout_ms", node.zookeeper.session_timeout_ms,
                   "the ensemble ends its session (it may have granted another time) and the next one is elected"});
}

void add_succession(const group_options& group, std::vector<timeout>& all) {
    const auto story = fmt::format("a new leader of group {}", group.name);
    all.push_back({story, "group.connect_timeout_ms", group.connect_timeout_ms,
                   "a database that does not answer makes it ineligible"});
    all.push_back({story, "group.fence_wait_ms", group.fence_wait_ms,
                   "transactions of the old term that are still open are ended"});
}

void add_write(const group_options& group, std::vector<timeout>& all) {
    const auto story = fmt::format("a write to group {}", group.name);
    all.push_back({story, "group.queue_time_max_ms", group.queue_time_max_ms,
                   "it would wait longer for the database: refused at once, nothing was sent"});
    all.push_back({story, "group.lock_timeout_ms", group.lock_timeout_ms,
                   "a statement waiting for somebody else's lock fails and is tried again"});
    all.push_back({story, "group.default_deadline_ms", group.default_deadline_ms,
                   "the caller gets an answer, unless it gave its own deadline"});
    all.push_back({story, "group.statement_timeout_max_ms", group.statement_timeout_max_ms,
                   "a statement that still runs is cancelled (sooner where the write's deadline is)"});
    all.push_back({story, "group.max_deadline_ms", group.max_deadline_ms, "no deadline can be longer"});
}

void add_http(const http_options& http, std::vector<timeout>& all) {
    if (http.listen.empty()) return;
    const std::string story = "an HTTP connection";
    all.push_back({story, "http.request_timeout_ms", http.request_timeout_ms, "a request that has not arrived is cut"});
    all.push_back({story, "http.heartbeat_ms", http.heartbeat_ms, "a quiet event stream gets a comment"});
    all.push_back({story, "http.idle_timeout_ms", http.idle_timeout_ms, "a connection that asks nothing is closed"});
}

}  // namespace

std::vector<timeout> effective_timeouts(const configuration& settings) {
    std::vector<timeout> all;
    add_silence(settings.node, all);
    for (const auto& group : settings.node.groups) {
        if (group.database.empty()) continue;
        add_succession(group, all);
        add_write(group, all);
    }
    add_http(settings.http, all);
    constexpr auto asked_to_stop = "the daemon is asked to stop";
    all.push_back({asked_to_stop, "node.stop_grace_ms", settings.stop_grace_ms,
                   "it no longer waits for the application to be quiet; from then on its writes are refused"});
    all.push_back({asked_to_stop, "node.stop_timeout_ms", settings.stop_timeout_ms,
                   "it no longer waits for leadership and writes to be handed over"});
    return all;
}

std::string render_timeouts(const configuration& settings) {
    std::string text = "effective time-outs, in the order in which they act:\n";
    std::string story;
    for (const auto& each : effective_timeouts(settings)) {
        if (each.story != story) text += fmt::format("  {}\n", each.story);
        story = each.story;
        text += fmt::format("    {:>9} ms  {:<32} {}\n", each.value_ms, each.key, each.meaning);
    }
    return text;
}

}  // namespace penholder::config
