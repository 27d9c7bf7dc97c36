#include "ensemble.hpp"

#include "transcript.hpp"

#include <algorithm>
#include <cstdio>

namespace penholder::simulation {
namespace {

using zookeeper::operation;
using zookeeper::reason;

zookeeper::failure refused(reason why, const std::string& path) {
    return {why, 0, path};
}

std::string_view parent_of(std::string_view path) {
    return path.substr(0, path.rfind('/'));
}

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

zookeeper::reply<std::vector<std::string>> ensemble::transact(std::int64_t session,
                                                              const std::vector<operation>& steps) {
    moment next{latest().zxid, {}, latest().znodes, {}};
    std::vector<std::string> created;
    for (const auto& step : steps) {
        auto done = carry_out(next, session, step);
        if (!done) return done.error();
        if (step.what == operation::kind::create) created.push_back(std::move(*done));
    }
    if (!next.touched.empty()) commit(std::move(next));
    return created;
}

zookeeper::reply<std::string> ensemble::carry_out(moment& next, std::int64_t session, const operation& step) {
    const auto place = next.znodes.begin() + (place_of(next.znodes, step.path) - next.znodes.begin());
    const bool there = place != next.znodes.end() && (*place)->path == step.path;
    if (step.what == operation::kind::create) {
        const auto parent = parent_of(step.path);
        if (!parent.empty() && next.find(parent) == nullptr) return refused(reason::no_node, step.path);
        auto path = step.path;
        if (step.mode == zookeeper::create_mode::ephemeral_sequential) {
            char sequence[16];
            std::snprintf(sequence, sizeof sequence, "%010d", sequence_);
            sequence_ = static_cast<std::int32_t>(static_cast<std::uint32_t>(sequence_) + 1);
            path += sequence;
        } else if (there) {
            return refused(reason::node_exists, step.path);
        }
        const auto owner = step.mode == zookeeper::create_mode::persistent ? 0 : session;
        next.touched.push_back(path);
        next.znodes.insert(
            place_of(next.znodes, path),
            std::make_shared<const kept_znode>(kept_znode{path, step.data, 0, owner, next.zxid + 1, present().now()}));
        return path;
    }
    if (!there) return refused(reason::no_node, step.path);
    if (step.version != -1 && step.version != (*place)->version) return refused(reason::bad_version, step.path);
    if (step.what == operation::kind::check) return step.path;
    next.touched.push_back(step.path);
    if (step.what == operation::kind::remove) {
        next.znodes.erase(place);
    } else {
        const auto& old = **place;
        *place = std::make_shared<const kept_znode>(
            kept_znode{old.path, step.data, old.version + 1, old.owner, old.created, present().now()});
    }
    return step.path;
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
    if (witness) witness(history_[history_.size() - 2], now);
    for (const auto& path : now.touched) {
        const auto [first, last] = watches_.equal_range(path);
        std::vector<fired> due;
        for (auto each = first; each != last; ++each) due.push_back(std::move(each->second));
        watches_.erase(first, last);
        for (const auto& each : due) each(now, path);
    }
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
