#include "listeners.hpp"

#include <string_view>

namespace penholder::zookeeper {
namespace {

bool is_under(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

std::uint64_t listeners::add(listener who) {
    all_.emplace(++count_, std::move(who));
    return count_;
}

void listeners::tell(const session_event& what) const {
    for (const auto& [key, who] : std::map(all_)) {
        if (all_.contains(key) && who.on_session) who.on_session(what);
    }
}

void listeners::tell(const watch_event& what) const {
    for (const auto& [key, who] : std::map(all_)) {
        if (all_.contains(key) && who.on_watch && is_under(what.path, who.prefix)) who.on_watch(what);
    }
}

}  // namespace penholder::zookeeper
