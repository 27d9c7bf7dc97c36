#include "eviction.hpp"

#include "awaitable_reads.hpp"
#include "election/group_snapshot.hpp"
#include "election/paths.hpp"
#include "election/records.hpp"
#include "session.hpp"

#include <algorithm>
#include <utility>

namespace penholder::zookeeper {
namespace {

using boost::asio::awaitable;

awaitable<result<>> find_leader(session& with, const election::group_paths& paths, const std::string& node,
                                presence& found) {
    const auto leader = co_await find(with, paths.leader);
    if (!leader) co_return leader.error();
    if (leader->gone) co_return result<>();
    const auto record = election::decode_leader(paths.leader, leader->what.data);
    if (!record || record->node != node) co_return result<>();
    found.leads = true;
    found.term = record->term;
    found.traces.push_back({paths.leader, leader->what.stat.version, election::is_owned(leader->what.stat.owner)});
    co_return result<>();
}

awaitable<result<>> find_member(session& with, std::string path, presence& found) {
    const auto member = co_await find(with, path);
    if (!member) co_return member.error();
    if (!member->gone) {
        found.traces.push_back(
            {std::move(path), member->what.stat.version, election::is_owned(member->what.stat.owner)});
    }
    co_return result<>();
}

awaitable<result<>> find_candidates(session& with, const election::group_paths& paths, const std::string& node,
                                    presence& found) {
    const auto present = co_await list(with, paths.candidates);
    if (!present) co_return present.error();
    for (const auto& name : *present) {
        auto path = paths.candidate(name);
        const auto read = co_await find(with, path);
        if (!read) co_return read.error();
        if (read->gone) continue;
        const auto record = election::decode_candidate(path, read->what.data);
        if (!record || record->node != node) continue;
        const bool owned = election::is_owned_candidate(name, read->what.stat.owner);
        found.traces.push_back({std::move(path), read->what.stat.version, owned});
    }
    co_return result<>();
}

void keep_ownerless_only(presence& found) {
    if (std::ranges::all_of(found.traces, &presence::trace::owned)) return;
    std::erase_if(found.traces, [](const presence::trace& each) { return each.owned; });
    found.leads = found.leads && found.traces.front().path.ends_with("/leader");
}

}  // namespace

awaitable<result<presence>> find_presence(session& with, std::string root, std::string group, std::string node) {
    const election::group_paths paths(root, group);
    presence found;
    const auto terms = co_await find(with, paths.terms);
    if (!terms) co_return terms.error();
    found.terms_path = paths.terms;
    found.terms_version = terms->what.stat.version;
    const auto control = co_await find(with, paths.control);
    if (!control) co_return control.error();
    found.control_path = paths.control;
    found.control_version = control->what.stat.version;
    if (auto record = election::decode_control(paths.control, control->what.data)) found.control = std::move(*record);
    if (const auto read = co_await find_leader(with, paths, node, found); !read) co_return read.error();
    auto member_path = paths.member(node);
    if (const auto read = co_await find_member(with, std::move(member_path), found); !read) co_return read.error();
    if (const auto read = co_await find_candidates(with, paths, node, found); !read) co_return read.error();
    keep_ownerless_only(found);
    if (found.traces.empty()) {
        co_return error{errc::node_not_found, "group " + group + " has no znode of a node '" + node +
                                                  "'; `penholder members` lists those that have enrolled"};
    }
    co_return found;
}

/// Every leader that is elected writes its term down: where the terms are as they were, `leader` is the one that was
/// seen, though another's could be of the same version.
awaitable<result<>> remove_presence(session& with, presence seen) {
    std::vector<operation> steps;
    if (seen.leads) {
        seen.control.evicted_term = seen.term;
        steps.push_back(operation::check(seen.terms_path, seen.terms_version));
        steps.push_back(operation::set(seen.control_path, election::encode(seen.control), seen.control_version));
    }
    for (auto& each : seen.traces) steps.push_back(operation::remove(std::move(each.path), each.version));
    const auto remove = [&with, steps = std::move(steps)](auto done) { with.transact(steps, std::move(done)); };
    const auto removed = co_await ask<void>(remove);
    if (removed) co_return result<>();
    const auto why = removed.error().why;
    if (why == reason::no_node || why == reason::bad_version) {
        co_return error{errc::refused, "the group has changed meanwhile; nothing was removed, look again"};
    }
    co_return removed.error().to_error();
}

}  // namespace penholder::zookeeper
