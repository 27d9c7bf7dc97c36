#pragma once

#include "node_tree.hpp"

#include <string>
#include <vector>

namespace penholder::sql {

// What the catalogue says of objects, as judging needs it. Names are "schema.name"; trees are texts of node trees.

struct trigger_facts {
    std::string name;
    oid function = 0;
    unsigned events = 0;  ///< does_insert, does_update, does_delete.
    bool deferrable = false;
};

struct foreign_key_facts {
    std::string name;
    oid child = 0;
    oid parent = 0;
    char on_delete = 'a';  ///< As pg_constraint has it: a no action, r restrict, c cascade, n set null, d set default.
    char on_update = 'a';
    bool deferrable = false;
};

struct column_facts {
    std::string name;
    oid type = 0;
    std::string default_tree;
    bool generated = false;
};

/// Partitions and tables that inherit, and the other way round.
struct family_facts {
    std::vector<oid> children;
    std::vector<oid> parents;
};

struct relation_facts {
    oid id = 0;
    std::string name;
    char kind = 'r';  ///< As pg_class has it: r table, p partitioned, v view, m materialised view, f foreign table.
    bool temporary = false;
    bool row_security = false;
    std::string view_tree;
    std::vector<std::string> rules;         ///< Names, but for a view's own.
    std::vector<std::string> not_built_in;  ///< Access methods and operator classes that are the user's.
    std::vector<std::string> deferrable;    ///< Names of its constraints that are, foreign keys apart.
    std::vector<trigger_facts> triggers;    ///< Those that are on and not PostgreSQL's own.
    std::vector<foreign_key_facts> keys;    ///< Its own, and those that refer to it.
    std::vector<column_facts> columns;
    /// Checks, indexes' expressions and predicates, partition keys, statistics, policies.
    std::vector<std::string> trees;
    std::vector<oid> operators;  ///< Of foreign keys and exclusion constraints.
    family_facts family;
};

struct function_facts {
    oid id = 0;
    std::string name;
    bool built_in = false;  ///< Came with PostgreSQL and is as it came.
    char volatility = 'v';
    std::string language;  ///< "none" of aggregates and procedures.
    std::string defaults;  ///< The trees of its arguments' defaults, a list.
    std::string tree;      ///< Of a body in SQL that was parsed when it was made.
    std::string source;
    std::string definition;        ///< CREATE FUNCTION …, of PL/pgSQL.
    bool configured = false;       ///< It sets settings for itself.
    bool definer = false;          ///< It runs as its owner.
    bool plain_arguments = false;  ///< IN only, none variadic, no polymorphic type.
    std::vector<std::string> argument_names;
    std::vector<std::string> argument_types;
    oid returns = 0;
};

struct operator_facts {
    oid id = 0;
    std::string name;
    oid function = 0;
};

struct type_facts {
    oid id = 0;
    std::string name;
    char kind = 'b';  ///< As pg_type has it: b base, c composite, d domain, e enum, r range, m multirange, p pseudo.
    std::vector<oid> parts;          ///< Types that it is made of: elements, columns, base, bounds.
    std::vector<oid> functions;      ///< Of base types input and output, of ranges their own.
    std::vector<std::string> trees;  ///< A domain's checks and default.
    bool is_array = false;
    bool own_operator_class = false;
    bool own_json_cast = false;
};

/// Answers to one look-up; what does not exist is missing.
struct catalogue_facts {
    std::vector<relation_facts> relations;
    std::vector<function_facts> functions;
    std::vector<operator_facts> operators;
    std::vector<type_facts> types;
};

/// What holds for a whole database.
struct database_facts {
    bool own_text_search = false;            ///< It has text search parsers or templates of its own.
    bool own_operators_in_families = false;  ///< Users added to PostgreSQL's own operator families.
    std::vector<oid> cast_targets;           ///< Types that functions of the user's cast to.
    /// In PL/pgSQL a name that may be a variable or a column is one of them, by `plpgsql.variable_conflict`.
    bool resolves_conflicts = false;
};

}  // namespace penholder::sql
