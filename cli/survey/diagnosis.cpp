#include "cli/survey/diagnosis.hpp"

#include "cli/duration.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace penholder::cli {
namespace {

namespace json = boost::json;
using postgres::severity;
using std::chrono::milliseconds;

constexpr milliseconds slow_ensemble{100};

std::string verdict(severity what) {
    switch (what) {
        case severity::good: return "ok";
        case severity::advice: return "note";
        case severity::warning: return "warn";
        case severity::trouble: break;
    }
    return "fail";
}

tone tone_of(severity what) {
    switch (what) {
        case severity::good: return tone::good;
        case severity::advice: return tone::faint;
        case severity::warning: return tone::warning;
        case severity::trouble: break;
    }
    return tone::bad;
}

finding judge_server(const ensemble_server& server) {
    const std::string subject = "server " + server.address;
    if (server.serves()) {
        return {severity::good, subject,
                server.mode + ", version " + server.version + ", answers in " + duration_text(server.latency), ""};
    }
    const bool forbidden = server.why.find("whitelist") != std::string::npos;
    if (forbidden) {
        return {severity::advice, subject, "does not allow srvr", "add srvr to its 4lw.commands.whitelist"};
    }
    return {severity::warning, subject, server.reached ? "does not serve: " + server.why : server.why,
            "start it, or look at its log: without it one more failure may cost the quorum"};
}

finding judge_leader(const group_state& group) {
    const std::string subject = "group " + group.group;
    if (!group.leader) {
        const auto why = find_warnings(group);
        if (!group.read_in_full) {
            return {severity::warning, subject, why.front(), "ask where the ensemble and its znodes can be read"};
        }
        return {severity::trouble, subject, why.empty() ? "nobody leads" : why.front(),
                "writes wait until somebody leads"};
    }
    const leader_state& leader = *group.leader;
    const std::string found =
        leader.node + " is " + std::string(to_string(leader.phase)) + ", term " + std::to_string(leader.term);
    if (leader.phase == leader_phase::serving) return {severity::good, subject, found, ""};
    return {severity::warning, subject, found, "look again in a moment; if it stays so, look at the node's log"};
}

finding judge_succession(const group_state& group) {
    const auto can_lead = [&](const member_state& each) {
        return each.eligible == true && !each.is_unlinked && each.record.role_wanted != "observer" &&
               !(group.leader && group.leader->node == each.record.node);
    };
    const auto count = std::ranges::count_if(group.members, can_lead);
    const std::string subject = "group " + group.group + " succession";
    if (count > 0) return {severity::good, subject, std::to_string(count) + " could take over", ""};
    return {severity::warning, subject, "nobody could take over from the leader",
            "start a second node, or look at why the others are not eligible"};
}

finding judge_member(const group_state& group, const member_state& one) {
    const std::string subject = "node " + one.record.node + " in " + group.group;
    if (one.is_well()) return {severity::good, subject, one.role + ", ok", ""};
    if (one.health == "no http") return {severity::advice, subject, "publishes no HTTP address", ""};
    if (one.reached) return {severity::trouble, subject, one.health, "look at the node's log"};
    if (one.health != "unreachable") {
        return {severity::warning, subject, "asked at " + one.record.http_endpoint + ": " + one.health, ""};
    }
    return {severity::warning, subject, one.health + " at " + one.record.http_endpoint,
            "is it up, and can it be reached from here?"};
}

finding judge_lock_wait(const group_state& group, const lock_wait& what) {
    const auto pid = std::to_string(what.pid);
    return {severity::warning, "locks of " + group.group, lock_wait_text(what),
            what.pid == 0 ? "COMMIT PREPARED or ROLLBACK PREPARED it: the write waits until its deadline"
                          : "have that transaction end, or end it: SELECT pg_terminate_backend(" + pid +
                                "); the write waits until its deadline"};
}

void judge_certificate(std::string subject, std::optional<std::int64_t> left_s, std::string_view loss,
                       std::string advice, diagnosis& into) {
    constexpr std::int64_t day_s = 24 * 3600;
    if (!left_s || *left_s >= 30 * day_s) return;
    const bool ended = *left_s <= 0;
    into.push_back(
        {ended ? severity::trouble : severity::warning, std::move(subject),
         ended ? "has ended: " + std::string(loss) : "ends in " + duration_text(std::chrono::seconds(*left_s)),
         std::move(advice)});
}

// ", raised by orders-2 (10.0.0.2:7431) at 2026-11-26 10:00:00+00".
std::string raised_text(const fence_record& fence) {
    if (fence.leader.empty()) return "";
    const auto where = fence.endpoint.empty() ? "" : " (" + fence.endpoint + ")";
    return ", raised by " + fence.leader + where + (fence.fenced_at.empty() ? "" : " at " + fence.fenced_at);
}

diagnosis diagnose_lineage(const group_state& group, const fence_record& fence) {
    if (may_be_written(descent_of(fence.lineage, group.last_raise))) return {};
    return {{severity::trouble, "database of " + group.group,
             refusal("of this string", fence.lineage, group.last_raise), ""}};
}

bool is_said_already(const group_state& group, const std::string& warning) {
    return !group.leader && warning.starts_with("nobody leads");
}

}  // namespace

diagnosis diagnose_servers(const std::vector<ensemble_server>& servers) {
    diagnosis found;
    for (const ensemble_server& each : servers) found.push_back(judge_server(each));
    const auto serving = std::ranges::count_if(servers, &ensemble_server::serves);
    const auto all = static_cast<std::ptrdiff_t>(servers.size());
    if (all > 1 && all % 2 == 0) {
        found.push_back({severity::advice, "ensemble", "has an even number of servers",
                         "an odd number survives as many failures with one server less"});
    }
    if (serving != 1 || all != 1) return found;
    if (servers.front().mode == "standalone") {
        found.push_back({severity::advice, "ensemble", "is a single server", "three survive the loss of one"});
    } else {
        found.push_back({severity::advice, "ensemble", "was given by one of its servers",
                         "name them all in zookeeper.hosts: the loss of that one is then none of the ensemble"});
    }
    return found;
}

diagnosis diagnose_ensemble(const survey& seen) {
    if (!seen.ensemble_asked) {
        return {{severity::advice, "ensemble", "was not looked at", "say where it is with --zookeeper or --config"}};
    }
    if (seen.ensemble_trouble) {
        return {
            {severity::trouble, "ensemble", seen.ensemble_trouble->message, "until it is back nobody can be elected"}};
    }
    const bool slow = seen.ensemble_latency > slow_ensemble;
    return {{slow ? severity::warning : severity::good, "ensemble",
             "answers; a group is read in " + duration_text(seen.ensemble_latency),
             slow ? "look at its disks and its load: sessions are lost when it is too slow" : ""}};
}

diagnosis diagnose_open_znodes(const std::string& group, const std::vector<std::string>& open) {
    if (open.empty()) return {};
    return {{severity::trouble, "znodes of " + group,
             fmt::format("anybody may write to {}, though there is a digest", fmt::join(open, ", ")),
             "they were made without it: close them in zkCli.sh with addauth digest user:password and setAcl -R ROOT "
             "auth::cdrwa"}};
}

finding diagnose_no_digest() {
    return {severity::warning, "znodes",
            "are open, because there is no digest: whoever reaches the ensemble can remove leaders and write addresses "
            "of its own",
            "set zookeeper.digest on every node, and close the znodes that are there; see docs/operating.md"};
}

diagnosis diagnose_sessions(const survey& seen, int asked_ms) {
    diagnosis found;
    for (const node_report& each : seen.nodes) {
        if (!each.status || each.status->session_timeout_ms == 0) continue;
        const int granted = each.status->session_timeout_ms;
        if (granted == asked_ms) continue;
        found.push_back({severity::advice, "session of " + each.status->node,
                         "its time-out is " + duration_text(milliseconds(granted)) + ", the configuration here says " +
                             duration_text(milliseconds(asked_ms)),
                         "the ensemble grants 2 to 20 of its ticks; all nodes should ask for the same"});
    }
    return found;
}

diagnosis diagnose_certificates(const survey& seen) {
    diagnosis found;
    for (const node_report& each : seen.nodes) {
        if (!each.status) continue;
        const auto& node = each.status->node;
        judge_certificate("certificate of " + node, each.status->link_certificate_ends_in_s,
                          "no new link is made with it",
                          "replace the files of link.tls_cert_file and link.tls_key_file", found);
        judge_certificate("ensemble's certificate of " + node, each.status->ensemble_certificate_ends_in_s,
                          "no server of the ensemble accepts it",
                          "replace the files of zookeeper.tls_cert_file and zookeeper.tls_key_file", found);
    }
    return found;
}

diagnosis diagnose_relays(const survey& seen) {
    diagnosis found;
    for (const node_report& each : seen.nodes) {
        if (!each.status) continue;
        for (const auto& server : each.status->ensemble_servers) {
            if (server.trouble.empty()) continue;
            found.push_back({severity::warning, "server " + server.server + " for " + each.status->node,
                             "is not used: " + server.trouble,
                             "without it one more failure may cost this node its session"});
        }
    }
    return found;
}

diagnosis diagnose_group(const group_state& group) {
    diagnosis found{judge_leader(group), judge_succession(group)};
    for (const member_state& each : group.members) found.push_back(judge_member(group, each));
    for (const lock_wait& each : group.lock_waits) found.push_back(judge_lock_wait(group, each));
    for (const std::string& each : group.warnings) {
        if (!is_said_already(group, each)) found.push_back({severity::warning, "group " + group.group, each, ""});
    }
    return found;
}

finding diagnose_fence(const group_state& group, const fence_record& fence) {
    const std::string subject = "fence of " + group.group;
    const std::string at = "is at term " + std::to_string(fence.term.value) + raised_text(fence);
    const std::uint64_t led = group.leader ? group.leader->term : group.last_term;
    if (fence.term.value == led) return {severity::good, subject, at + ": the leader's", ""};
    if (fence.term.value != led && !group.read_in_full) {
        return {severity::warning, subject, at + "; the newest term that is known here is " + std::to_string(led),
                "ask where the ensemble and its znodes can be read"};
    }
    if (fence.term.value > led) {
        return {severity::trouble, subject, at + ": ahead of the ensemble's term " + std::to_string(led),
                "the next election heals it: penholder resign"};
    }
    const bool serving = group.leader && group.leader->phase != leader_phase::fencing;
    return {serving ? severity::trouble : severity::warning, subject, at + ": behind term " + std::to_string(led),
            "is this the database that the leader writes to?"};
}

diagnosis diagnose_database(const group_state& group, const fence_record& fence) {
    if (group.database.empty() || fence.database.empty()) return {};
    if (fence.database == group.database) return diagnose_lineage(group, fence);
    return {{severity::trouble, "database of " + group.group,
             "this is " + fence.database + ", and the group writes to " + group.database,
             "correct the connection string, or move the group: penholder adopt-database"}};
}

bool has_trouble(const diagnosis& found) noexcept {
    return std::ranges::any_of(found, [](const finding& each) { return each.severity == severity::trouble; });
}

document describe_diagnosis(const diagnosis& found) {
    document made;
    made.columns = {
        {"verdict", false, true}, {"subject", false, true}, {"found", false, true}, {"advice", false, true}};
    section part;
    json::array values;
    for (const finding& each : found) {
        const std::string word = verdict(each.severity);
        const tone how = tone_of(each.severity);
        part.heading.push_back({{fmt::format("{:<4}", word), how}, {each.subject, tone::strong}, each.found});
        if (!each.advice.empty()) part.heading.push_back({"    ", {"-> " + each.advice, tone::faint}});
        part.rows.push_back({word, each.subject, each.found, each.advice});
        values.push_back(
            {{"verdict", word}, {"subject", each.subject}, {"found", each.found}, {"advice", each.advice}});
    }
    made.data = {{"healthy", !has_trouble(found)}, {"findings", std::move(values)}};
    made.sections.push_back(std::move(part));
    return made;
}

}  // namespace penholder::cli
