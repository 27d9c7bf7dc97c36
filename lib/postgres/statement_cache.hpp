#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace penholder::postgres {

/// Which statements a connection has prepared, by their text; the least recently used go first. Names are never reused.
class statement_cache {
public:
    explicit statement_cache(std::size_t most) : most_(most) {}

    /// The name under which `sql` is prepared already; it becomes the most recently used.
    std::optional<std::string> find(const std::string& sql) {
        const auto found = entries_.find(sql);
        if (found == entries_.end()) return std::nullopt;
        order_.splice(order_.begin(), order_, found->second.place);
        return found->second.name;
    }

    /// Whether it was asked about before, which is remembered for a while only.
    bool comes_again(const std::string& sql) {
        if (entries_.contains(sql)) return true;
        const auto mark = std::hash<std::string>{}(sql);
        if (seen_.contains(mark)) return true;
        if (seen_.size() >= 16 * most_) seen_.clear();
        seen_.insert(mark);
        return false;
    }

    /// A name to prepare `sql` under.
    std::string add(const std::string& sql) {
        if (entries_.size() >= most_) forget(std::string(order_.back()));
        auto name = "penholder_" + std::to_string(++last_);
        order_.push_front(sql);
        entries_.emplace(sql, entry{name, order_.begin()});
        return name;
    }

    /// The next `add` of it prepares it anew; the old name is to be deallocated.
    void forget(const std::string& sql) {
        const auto found = entries_.find(sql);
        if (found == entries_.end()) return;
        dropped_.push_back(found->second.name);
        order_.erase(found->second.place);
        entries_.erase(found);
    }

    /// As `forget`, where preparing it failed: there is nothing to deallocate.
    void forget_unprepared(const std::string& sql) {
        if (!entries_.contains(sql)) return;
        forget(sql);
        dropped_.pop_back();
    }

    /// Nothing is prepared any more, and there is nothing to deallocate.
    void clear() {
        entries_.clear();
        order_.clear();
        dropped_.clear();
    }

    std::vector<std::string> take_dropped() { return std::exchange(dropped_, {}); }

private:
    struct entry {
        std::string name;
        std::list<std::string>::iterator place;
    };

    std::size_t most_;
    std::uint64_t last_ = 0;
    std::list<std::string> order_;
    std::unordered_map<std::string, entry> entries_;
    std::vector<std::string> dropped_;
    std::unordered_set<std::size_t> seen_;  ///< By their hashes: to be wrong costs a statement that is prepared early.
};

}  // namespace penholder::postgres
