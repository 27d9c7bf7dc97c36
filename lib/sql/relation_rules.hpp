#pragma once

#include "catalogue_facts.hpp"
#include "why_not.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::sql {

/// A reason, and what exactly.
struct objection {
    why_not why = why_not::unknown;
    std::string detail;
};

/// What doing something to a relation brings with it.
struct relation_needs {
    std::vector<objection> objections;
    std::map<oid, unsigned> relations;                          ///< What happens to others, children and keys included.
    std::vector<const trigger_facts*> triggers;                 ///< That fire.
    std::vector<std::string> trees;                             ///< That are evaluated.
    std::vector<std::pair<std::string, std::string>> defaults;  ///< Columns and what they are filled with.
};

/// `done` is of the bits of tree_facts.hpp. Pure.
relation_needs needs_of(const relation_facts& of, unsigned done);

}  // namespace penholder::sql
