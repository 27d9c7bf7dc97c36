#pragma once

#include "catalogue_facts.hpp"
#include "tree_facts.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace penholder::sql {

/// Finds the tables in whose changed rows a statement stores the transaction's time. Filled by judging; pure.
class stamping {
public:
    /// A function that gives the transaction's time.
    void tells_time(oid function) { temporal_.insert(function); }
    /// What the result of a function of the user's stems from.
    void add_result(oid function, const time_source& time) { results_[function].add(time); }
    void add_stored(stored_column column) { stored_.push_back(std::move(column)); }
    /// Into a row that is inserted, from where ON CONFLICT DO UPDATE may take it.
    void add_inserted(oid relation, const time_source& time) { inserted_[relation].add(time); }
    /// Somewhere, from where it may be stored anywhere.
    void add_elsewhere(const time_source& time) { elsewhere_.add(time); }

    /// Of the relations that are updated, those ("schema.name", sorted) that get time into a column other than
    /// `no_version` ("schema.table.column") names.
    std::vector<std::string> tables(const std::map<oid, relation_facts>& relations, const std::map<oid, unsigned>& done,
                                    const std::vector<std::string>& no_version) const;

    /// Of the relations into which rows are inserted, those that get time into one.
    std::vector<std::string> new_tables(const std::map<oid, relation_facts>& relations,
                                        const std::map<oid, unsigned>& done) const;

    /// The relations from which rows are deleted: a row that comes back is not a new one to who knows its key.
    static std::vector<std::string> deleted_tables(const std::map<oid, relation_facts>& relations,
                                                   const std::map<oid, unsigned>& done);

private:
    bool is_time(const time_source& source) const;

    std::set<oid> temporal_;
    std::map<oid, time_source> results_;
    std::vector<stored_column> stored_;
    std::map<oid, time_source> inserted_;
    time_source elsewhere_;
};

}  // namespace penholder::sql
