#include "ensemble.hpp"

#include "election/group_snapshot.hpp"
#include "election/records.hpp"
#include "history.hpp"
#include "transcript.hpp"

#include <algorithm>
#include <cstdio>

namespace penholder::simulation {
namespace {

using election::ensemble_reply;
using step_kind = group::znode_step::kind;

std::string_view parent_of(std::string_view path) {
    return path.substr(0, path.rfind('/'));
}

const auto members_path = fmt::format("{}/members", group_path);

auto place_of(const kept_znodes& znodes, std::string_view path) {
    return std::ranges::lower_bound(znodes, path, {}, [](const auto& each) -> std::string_view { return each->path; });
}

}  // namespace

const kept_znode* moment::find(std::string_view path) const {
    const auto found = place_of(znodes, path);
    return found != znodes.end() && (*found)->path == path ? found->get() : nullptr;
}

std::vector<std::string> moment::children(std::string_view parent) const {
    std::vector<std::string> names;
    for (auto each = place_of(znodes, parent); each != znodes.end() && (*each)->path.starts_with(parent); ++each) {
        const std::string_view path = (*each)->path;
        if (path.size() > parent.size() && parent_of(path) == parent)
            names.emplace_back(path.substr(parent.size() + 1));
    }
    return names;
}

bool ensemble::alive(std::int64_t session) const {
    return std::ranges::find(sessions_, session) != sessions_.end();
}

void ensemble::end_session(std::int64_t session) {
    if (std::erase(sessions_, session) == 0) return;
    moment next{latest().zxid, {}, latest().znodes, {}};
    for (const auto& each : next.znodes) {
        if (each->owner == session) next.touched.push_back(each->path);
    }
    std::erase_if(next.znodes, [&](const auto& each) { return each->owner == session; });
    if (!next.touched.empty()) commit(std::move(next));
}

ensemble_reply ensemble::transact(std::int64_t session, const std::vector<group::znode_step>& steps) {
    moment next{latest().zxid, {}, latest().znodes, {}};
    for (const auto& step : steps) {
        const auto done = step.what == step_kind::create ? create(next, session, step) : carry_out(next, step);
        if (done != ensemble_reply::done) return done;
    }
    if (!next.touched.empty()) commit(std::move(next));
    return ensemble_reply::done;
}

ensemble_reply ensemble::create_persistent(const std::vector<std::string>& paths) {
    for (const auto& path : paths) {
        if (latest().find(path) != nullptr) continue;
        moment next{latest().zxid, {}, latest().znodes, {}};
        if (const auto made = create(next, 0, {step_kind::create, path, {}, -1, {}}); made != ensemble_reply::done) {
            return made;
        }
        commit(std::move(next));
    }
    return ensemble_reply::done;
}

ensemble_reply ensemble::create(moment& next, std::int64_t owner, const group::znode_step& step) {
    const auto parent = parent_of(step.path);
    if (!parent.empty() && next.find(parent) == nullptr) return ensemble_reply::no_node;
    auto path = step.path;
    if (step.how == group::znode_step::mode::ephemeral_sequential) {
        char sequence[16];
        std::snprintf(sequence, sizeof sequence, "%010d", sequence_);
        sequence_ = static_cast<std::int32_t>(static_cast<std::uint32_t>(sequence_) + 1);
        path += sequence;
    } else if (next.find(path) != nullptr) {
        return ensemble_reply::exists;
    }
    next.touched.push_back(path);
    next.znodes.insert(place_of(next.znodes, path), std::make_shared<const kept_znode>(kept_znode{
                                                        path, step.data, 0, owner, next.zxid + 1, present().now()}));
    return ensemble_reply::done;
}

ensemble_reply ensemble::carry_out(moment& next, const group::znode_step& step) {
    const auto place = next.znodes.begin() + (place_of(next.znodes, step.path) - next.znodes.begin());
    const bool there = place != next.znodes.end() && (*place)->path == step.path;
    if (!there) return ensemble_reply::no_node;
    if (step.version != -1 && step.version != (*place)->version) return ensemble_reply::bad_version;
    if (step.what == step_kind::check) return ensemble_reply::done;
    next.touched.push_back(step.path);
    if (step.what == step_kind::remove) {
        next.znodes.erase(place);
    } else {
        const auto& old = **place;
        *place = std::make_shared<const kept_znode>(
            kept_znode{old.path, step.data, old.version + 1, old.owner, old.created, present().now()});
    }
    return ensemble_reply::done;
}

void ensemble::commit(moment next) {
    ++next.zxid;
    next.at = present().now();
    history_.push_back(std::move(next));
    const auto& now = history_.back();
    for (const auto& path : now.touched) {
        const auto* left = now.find(path);
        tell("znodes", "{}: {} {}", now.zxid, path, left != nullptr ? left->data : "is removed");
    }
    if (on_change) on_change(history_[history_.size() - 2], now);
    const auto is_member = [](const auto& path) { return parent_of(path) == members_path; };
    if (on_members && std::ranges::any_of(now.touched, is_member)) on_members();
    for (const auto& path : now.touched) {
        const auto [first, last] = watches_.equal_range(path);
        std::vector<fired> due;
        for (auto each = first; each != last; ++each) due.push_back(std::move(each->second));
        watches_.erase(first, last);
        for (const auto& each : due) each(now, path);
    }
}

std::vector<member> ensemble::members() const {
    std::vector<member> all;
    for (const auto& name : latest().children(members_path)) {
        const auto* found = latest().find(fmt::format("{}/{}", members_path, name));
        auto record = election::decode_member(found->path, found->data);
        if (record && election::is_owned(found->owner)) all.push_back(std::move(*record));
    }
    return all;
}

const moment& ensemble::shown(duration lag, std::int64_t seen) const {
    auto at = history_.size() - 1;
    const auto until = present().now() - lag;
    while (at > 0 && history_[at].at > until && history_[at].zxid > seen) --at;
    return history_[at];
}

void ensemble::watch(std::string path, std::int64_t since, fired then) {
    for (auto at = static_cast<std::size_t>(since) + 1; at < history_.size(); ++at) {
        const auto& touched = history_[at].touched;
        if (std::ranges::find(touched, path) != touched.end()) return then(history_[at], path);
    }
    watches_.emplace(std::move(path), std::move(then));
}

void ensemble::remove_everything() {
    moment next{latest().zxid, {}, {}, {}};
    for (const auto& each : latest().znodes) next.touched.push_back(each->path);
    if (!next.touched.empty()) commit(std::move(next));
}

}  // namespace penholder::simulation
