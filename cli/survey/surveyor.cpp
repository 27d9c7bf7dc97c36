#include "cli/survey/surveyor.hpp"

#include "cli/gather.hpp"
#include "cli/nodes/node_url.hpp"

#include <algorithm>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Answers of an ensemble or a node that is well take a few milliseconds; the rest of the time is for others to answer.
constexpr milliseconds ensemble_patience{3000};
constexpr milliseconds node_patience{2000};

std::string why_unauthorized(const sources& from, const result<std::string>& token) {
    if (!token) return token.error().message;
    return from.token.empty() ? "it wants a token; give it with --token-file"
                              : "it does not accept the token; give its own with --token-file";
}

/// Without a token where it may not be sent: a node that wants none answers all the same.
asio::awaitable<node_report> ask_node(const sources& from, node_url where, milliseconds within) {
    const auto token = from.token_for(where, from.token);
    const auto client = from.client(where, token ? *token : std::string());
    node_report report;
    report.url = url_text(where);
    report.asked_at = std::chrono::system_clock::now();
    auto answer = co_await client.status(within);
    report.answered_at = std::chrono::system_clock::now();
    if (answer) {
        report.status = std::move(answer->status);
        report.date = std::move(answer->date);
    } else {
        report.why = answer.error();
        if (report.why.code == errc::unauthorized) report.why.message = why_unauthorized(from, token);
    }
    co_return report;
}

void add_unasked(const node_url& where, const survey& known, std::vector<node_url>& into) {
    const std::string url = url_text(where);
    const bool listed = std::ranges::any_of(into, [&](const auto& each) { return url_text(each) == url; });
    if (!listed && known.report_from(url) == nullptr) into.push_back(where);
}

void add_endpoints(const std::vector<member>& members, const survey& known, std::vector<node_url>& into) {
    for (const member& each : members) {
        if (each.http_endpoint.empty()) continue;
        if (const auto where = parse_node_url(each.http_endpoint)) add_unasked(*where, known, into);
    }
}

// Members that are known by name and have not been asked yet.
std::vector<node_url> unasked(const survey& found) {
    std::vector<node_url> where;
    for (const auto& view : found.groups) add_endpoints(view.members, found, where);
    for (const node_report& each : found.nodes) {
        if (!each.status) continue;
        for (const group_status& group : each.status->groups) add_endpoints(group.members, found, where);
    }
    return where;
}

}  // namespace

// What one of the questions that are asked at the same time has found out.
struct surveyor::partial {
    survey part;
};

asio::awaitable<result<>> surveyor::read_groups(zookeeper::session& with, std::string group, survey& into) {
    std::vector<std::string> names{group};
    if (group.empty()) {
        auto listed = co_await zookeeper::list_groups(with, ensemble_.where().root);
        if (!listed) co_return listed.error();
        names = std::move(*listed);
    }
    for (const std::string& name : names) {
        const auto begun = clock::now();
        auto view = co_await zookeeper::read_group(with, ensemble_.where().root, name);
        into.ensemble_latency = std::chrono::duration_cast<milliseconds>(clock::now() - begun);
        if (view) {
            into.groups.push_back(std::move(*view));
        } else if (view.error().code != errc::unknown_group) {
            co_return view.error();
        }
    }
    co_return result<>{};
}

asio::awaitable<surveyor::partial> surveyor::ask_ensemble(std::string group, milliseconds within) {
    partial found;
    found.part.ensemble_asked = true;
    const auto session = co_await ensemble_.reach(std::min(within, ensemble_patience));
    if (!session) {
        found.part.ensemble_trouble = session.error();
        co_return found;
    }
    const auto read = co_await read_groups(**session, std::move(group), found.part);
    if (!read) found.part.ensemble_trouble = read.error();
    co_return found;
}

asio::awaitable<surveyor::partial> surveyor::ask_nodes(std::vector<node_url> where, milliseconds within) {
    std::vector<asio::awaitable<node_report>> asked;
    for (auto& each : where) asked.push_back(ask_node(from_, each, std::min(within, node_patience)));
    partial found;
    found.part.nodes = co_await gather(std::move(asked));
    co_return found;
}

asio::awaitable<survey> surveyor::look(std::string group, depth how_far, milliseconds within) {
    std::vector<asio::awaitable<partial>> asked;
    asked.push_back(ask_nodes(from_.nodes, within));
    if (from_.has_ensemble()) asked.push_back(ask_ensemble(std::move(group), within));
    auto parts = co_await gather(std::move(asked));
    survey found = std::move(parts.back().part);
    if (parts.size() > 1) found.nodes = std::move(parts.front().part.nodes);
    if (how_far == depth::leadership && found.ensemble_reached()) co_return found;
    auto others = unasked(found);
    if (!found.ensemble_reached()) {
        for (const node_url& each : met_) add_unasked(each, found, others);
    }
    auto more = co_await ask_nodes(std::move(others), within);
    std::ranges::move(more.part.nodes, std::back_inserter(found.nodes));
    remember(found);
    co_return found;
}

void surveyor::remember(const survey& found) {
    for (const node_report& each : found.nodes) {
        const auto where = parse_node_url(each.url);
        if (each.status && where && std::ranges::find(met_, each.url, url_text) == met_.end()) met_.push_back(*where);
    }
}

}  // namespace penholder::cli
