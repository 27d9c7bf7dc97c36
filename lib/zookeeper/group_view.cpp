#include "group_view.hpp"

#include "awaitable_reads.hpp"
#include "election/group_snapshot.hpp"
#include "election/handover_rules.hpp"
#include "election/paths.hpp"
#include "election/succession.hpp"
#include "session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace penholder::zookeeper {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

awaitable<reply<stat>> set(session& with, std::string path, std::string data, std::int32_t version) {
    return ask<stat>([&with, path = std::move(path), data = std::move(data), version](auto done) {
        with.set(path, data, version, std::move(done));
    });
}

error unknown_group(const std::string& root, const std::string& group) {
    return {errc::unknown_group, "there is no group " + group + " under " + root +
                                     " in the ensemble; a group appears when its first node enrolls"};
}

awaitable<result<>> read_members(session& with, const election::group_paths& paths, group_view& view) {
    auto present = co_await list(with, paths.members);
    if (!present) co_return present.error();
    for (const auto& name : *present) {
        const auto read = co_await find(with, paths.member(name));
        if (!read) co_return read.error();
        if (read->gone) continue;
        auto record = election::decode_member(paths.member(name), read->what.data);
        if (!election::is_owned(read->what.stat.owner)) {
            view.warnings.push_back(to_error(election::ownerless_znode{paths.member(name), name}));
            continue;
        }
        if (record) view.members.push_back(std::move(*record));
        if (!record) view.warnings.push_back(record.error());
    }
    co_return result<>();
}

awaitable<result<>> read_candidates(session& with, const election::group_paths& paths, group_view& view) {
    auto present = co_await list(with, paths.candidates);
    if (!present) co_return present.error();
    for (const auto& name : *present) {
        const auto read = co_await find(with, paths.candidate(name));
        if (!read) co_return read.error();
        if (read->gone) continue;
        const auto parsed = election::parse_candidate_name(name);
        auto record = election::decode_candidate(paths.candidate(name), read->what.data);
        if (!record) {
            view.warnings.push_back(record.error());
        } else if (parsed && !election::is_owned_candidate(name, read->what.stat.owner)) {
            view.warnings.push_back(to_error(election::ownerless_znode{paths.candidate(name), record->node}));
        } else if (parsed) {
            view.candidates.push_back({record->node, record->priority, record->eligible, parsed->sequence, name,
                                       read->what.stat.owner, record->unreached});
        }
    }
    co_return result<>();
}

/// Takes what could be decoded and keeps the rest as a warning.
template <class T, class Into>
void take(group_view& view, result<T> decoded, Into& into) {
    if (decoded) {
        into = std::move(*decoded);
    } else {
        view.warnings.push_back(decoded.error());
    }
}

/// A race with another operator or with the leader is tried again this often.
constexpr int attempts = 8;

/// How long a handover waits for a node to stand that has just enrolled, or has just handed over itself.
constexpr auto standing_patience = 500ms;
constexpr auto standing_pause = 10ms;

awaitable<void> pause_for(std::chrono::milliseconds length) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, length);
    boost::system::error_code cut;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cut));
}

/// True when set; false when somebody else was faster.
awaitable<result<bool>> set_control(session& with, std::string path, const election::control_record& wanted,
                                    std::int32_t version) {
    auto data = election::encode(wanted);
    const auto answer = co_await set(with, std::move(path), std::move(data), version);
    if (answer) co_return true;
    if (answer.error().why == reason::bad_version) co_return false;
    co_return answer.error().to_error();
}

error lost_every_race(const std::string& group) {
    return {errc::in_progress, "the requests for group " + group + " change too quickly; try again"};
}

}  // namespace

awaitable<result<std::vector<std::string>>> list_groups(session& with, std::string root) {
    auto groups = co_await list(with, std::move(root));
    if (groups) std::ranges::sort(*groups);
    co_return groups;
}

awaitable<result<group_view>> read_group(session& with, std::string root, std::string group) {
    const election::group_paths paths(root, group);
    group_view view;
    view.group = group;
    const auto control = co_await find(with, paths.control);
    if (!control) co_return control.error();
    const auto terms = co_await find(with, paths.terms);
    if (!terms) co_return terms.error();
    if (control->gone && terms->gone) co_return unknown_group(root, group);
    view.control_version = control->what.stat.version;
    take(view, election::decode_control(paths.control, control->what.data), view.control);
    take(view, election::decode_terms(paths.terms, terms->what.data), view.terms);
    const auto leader = co_await find(with, paths.leader);
    if (!leader) co_return leader.error();
    if (!leader->gone) {
        view.leader_session = leader->what.stat.owner;
        take(view, election::decode_leader(paths.leader, leader->what.data), view.leader);
        if (!election::is_owned(view.leader_session)) {
            const auto named = std::exchange(view.leader, std::nullopt);
            view.warnings.push_back(to_error(election::ownerless_znode{paths.leader, named ? named->node : ""}));
        }
    }
    if (const auto read = co_await read_members(with, paths, view); !read) co_return read.error();
    if (const auto read = co_await read_candidates(with, paths, view); !read) co_return read.error();
    view.sort();
    co_return view;
}

awaitable<result<term>> request_handover(session& with, std::string root, std::string group, std::string heir,
                                         term from_term) {
    const election::group_paths paths(root, group);
    if (heir.empty()) heir = election::next_in_succession;
    auto patience = standing_patience;
    for (int attempt = 0; attempt < attempts;) {
        const auto view = co_await read_group(with, root, group);
        if (!view) co_return view.error();
        if (const auto allowed = election::may_request_handover(*view, heir, from_term); !allowed) {
            const bool soon =
                allowed.error().code == errc::refused && patience > 0ms && election::is_about_to_stand(*view, heir);
            if (!soon) co_return allowed.error();
            patience -= standing_pause;
            co_await pause_for(standing_pause);
            continue;
        }
        ++attempt;
        const auto present = view->leader->term;
        const auto wanted = view->control.with(election::handover_request{heir, present});
        const auto set = co_await set_control(with, paths.control, wanted, view->control_version);
        if (!set) co_return set.error();
        if (*set) co_return present;
    }
    co_return lost_every_race(group);
}

namespace {

/// Changes what operators want and leaves the rest as it is.
awaitable<result<>> change_control(session& with, std::string root, std::string group,
                                   std::function<void(election::control_record&)> change) {
    const election::group_paths paths(root, group);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto control = co_await find(with, paths.control);
        if (!control) co_return control.error();
        if (control->gone) co_return unknown_group(root, group);
        const auto present = election::decode_control(paths.control, control->what.data);
        auto wanted = present ? *present : election::control_record();
        change(wanted);
        const auto set = co_await set_control(with, paths.control, wanted, control->what.stat.version);
        if (!set) co_return set.error();
        if (*set) co_return result<>();
    }
    co_return lost_every_race(group);
}

}  // namespace

awaitable<result<>> request_pause(session& with, std::string root, std::string group, bool paused) {
    std::function<void(election::control_record&)> change = [paused](auto& wanted) { wanted.paused = paused; };
    co_return co_await change_control(with, std::move(root), std::move(group), std::move(change));
}

awaitable<result<>> request_drain(session& with, std::string root, std::string group, std::string node, bool drained) {
    std::function<void(election::control_record&)> change = [&](auto& wanted) {
        std::erase(wanted.drained, node);
        if (drained) wanted.drained.push_back(node);
    };
    co_return co_await change_control(with, std::move(root), std::move(group), std::move(change));
}

awaitable<result<>> request_adoption(session& with, std::string root, std::string group, std::string database,
                                     fence_raise last) {
    std::function<void(election::control_record&)> change = [&](auto& wanted) {
        wanted.adopted_database = database;
        wanted.adopted_raise = last;
    };
    co_return co_await change_control(with, std::move(root), std::move(group), std::move(change));
}

}  // namespace penholder::zookeeper
