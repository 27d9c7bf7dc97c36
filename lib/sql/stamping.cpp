#include "stamping.hpp"

#include <algorithm>
#include <iterator>

namespace penholder::sql {
namespace {

bool is_table(const relation_facts& one) {
    return one.kind == 'r' || one.kind == 'p';
}

/// A relation and all below it.
std::set<oid> family_of(oid relation, const std::map<oid, relation_facts>& relations) {
    std::set<oid> family;
    std::vector<oid> waiting{relation};
    while (!waiting.empty()) {
        const auto one = waiting.back();
        waiting.pop_back();
        const auto known = relations.find(one);
        if (!family.insert(one).second || known == relations.end()) continue;
        waiting.insert(waiting.end(), known->second.family.children.begin(), known->second.family.children.end());
    }
    return family;
}

/// To which of them so much is done.
std::set<oid> done_to(const std::map<oid, unsigned>& relations, unsigned what) {
    std::set<oid> found;
    for (const auto& [id, done] : relations) {
        if ((done & what) != 0) found.insert(id);
    }
    return found;
}

std::set<oid> shared_by(const std::set<oid>& one, const std::set<oid>& other) {
    std::set<oid> both;
    std::ranges::set_intersection(one, other, std::inserter(both, both.end()));
    return both;
}

/// The names of those that are tables, sorted.
std::vector<std::string> names_of(const std::set<oid>& which, const std::map<oid, relation_facts>& relations) {
    std::vector<std::string> names;
    for (const auto id : which) {
        const auto known = relations.find(id);
        if (known != relations.end() && is_table(known->second)) names.push_back(known->second.name);
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace

bool stamping::is_time(const time_source& source) const {
    std::set<oid> seen;
    std::vector<const time_source*> waiting{&source};
    while (!waiting.empty()) {
        const auto& one = *waiting.back();
        waiting.pop_back();
        if (one.direct) return true;
        for (const auto function : one.functions) {
            if (temporal_.contains(function)) return true;
            const auto result = results_.find(function);
            if (result != results_.end() && seen.insert(function).second) waiting.push_back(&result->second);
        }
    }
    return false;
}

std::vector<std::string> stamping::tables(const std::map<oid, relation_facts>& relations,
                                          const std::map<oid, unsigned>& done,
                                          const std::vector<std::string>& no_version) const {
    std::set<oid> stamped;
    bool all = is_time(elsewhere_);
    time_source any_inserted;
    for (const auto& [id, time] : inserted_) any_inserted.add(time);
    for (const auto& column : stored_) {
        auto time = column.time;
        const auto inserted = inserted_.find(column.relation);
        if (column.from_excluded && inserted != inserted_.end()) time.add(inserted->second);
        if (column.from_moment) time.add(any_inserted);  // By RETURNING, or as NEW in a trigger.
        if (!is_time(time)) continue;
        const auto known = relations.find(column.relation);
        if (known == relations.end() || !is_table(known->second)) {
            all = true;  // Through a view: into what is below it.
        } else if (std::ranges::find(no_version, known->second.name + "." + column.column) == no_version.end()) {
            stamped.merge(family_of(column.relation, relations));
        }
    }
    return names_of(all ? done_to(done, does_update) : shared_by(stamped, done_to(done, does_update)), relations);
}

std::vector<std::string> stamping::new_tables(const std::map<oid, relation_facts>& relations,
                                              const std::map<oid, unsigned>& done) const {
    std::set<oid> stamped;
    bool all = is_time(elsewhere_);
    for (const auto& [id, time] : inserted_) {
        if (!is_time(time)) continue;
        const auto known = relations.find(id);
        if (known == relations.end() || !is_table(known->second)) {
            all = true;  // Through a view: into what is below it.
        } else {
            stamped.merge(family_of(id, relations));
        }
    }
    return names_of(all ? done_to(done, does_insert) : shared_by(stamped, done_to(done, does_insert)), relations);
}

std::vector<std::string> stamping::deleted_tables(const std::map<oid, relation_facts>& relations,
                                                  const std::map<oid, unsigned>& done) {
    std::set<oid> deleted;
    for (const auto id : done_to(done, does_delete)) deleted.merge(family_of(id, relations));
    return names_of(deleted, relations);
}

}  // namespace penholder::sql
