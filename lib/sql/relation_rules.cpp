#include "relation_rules.hpp"

#include "tree_facts.hpp"

namespace penholder::sql {
namespace {

constexpr unsigned changes = does_insert | does_update | does_delete;

std::string about(const std::string& what, const std::string& name, const relation_facts& of) {
    return what + " " + name + " of " + of.name;
}

void object_to_kind(const relation_facts& of, relation_needs& found) {
    const auto object = [&](why_not why, const std::string& what) {
        found.objections.push_back({why, what + of.name});
    };
    if (of.temporary) object(why_not::temporary_table, "temporary table ");
    if (of.kind == 'f') return object(why_not::foreign_table, "foreign table ");
    if (of.id < first_user_oid || of.name.starts_with("pg_catalog.") || of.name.starts_with("penholder.")) {
        return object(why_not::catalogue_table, "catalogue table ");
    }
    if (std::string_view("rpvm").find(of.kind) == std::string_view::npos) {
        object(why_not::session_state, "a relation that is no table: ");
    }
}

/// What a foreign key's action does to the table that has it, or which table it looks at.
void follow(const foreign_key_facts& key, const relation_facts& of, unsigned done, relation_needs& found) {
    if (key.child == of.id && (done & (does_insert | does_update)) != 0) found.relations[key.parent] |= does_read;
    const bool concerned = (key.child == of.id && (done & (does_insert | does_update)) != 0) ||
                           (key.parent == of.id && (done & (does_update | does_delete)) != 0);
    if (concerned && key.deferrable) {
        found.objections.push_back({why_not::deferrable, about("deferrable foreign key", key.name, of)});
    }
    if (key.parent != of.id) return;
    const auto act = [&](char action) {
        auto& child = found.relations[key.child];
        child |= action == 'n' ? does_update : action == 'd' ? does_update | does_default : does_read;
    };
    if ((done & does_delete) != 0) {
        act(key.on_delete);
        if (key.on_delete == 'c') found.relations[key.child] |= does_delete;
    }
    if ((done & does_update) != 0) {
        act(key.on_update);
        if (key.on_update == 'c') found.relations[key.child] |= does_update;
    }
}

void follow_family(const relation_facts& of, unsigned done, relation_needs& found) {
    const bool moves_rows = of.kind == 'p' && (done & does_update) != 0;
    for (const auto child : of.family.children) {
        found.relations[child] |= done | (moves_rows ? unsigned{does_insert | does_delete} : 0U);
    }
    if ((done & (does_insert | does_update)) == 0) return;
    for (const auto parent : of.family.parents) found.relations[parent] |= does_route;
}

}  // namespace

relation_needs needs_of(const relation_facts& of, unsigned done) {
    relation_needs found;
    for (const auto parent : of.family.parents) {
        if ((done & does_route) != 0) found.relations[parent] |= does_route;
    }
    object_to_kind(of, found);
    for (const auto& name : of.rules) found.objections.push_back({why_not::rule, about("rule", name, of)});
    for (const auto& what : of.not_built_in) found.objections.push_back({why_not::operator_class, about(what, "", of)});
    if (of.row_security) found.objections.push_back({why_not::row_security, "row security of " + of.name});
    found.trees = of.trees;
    if ((done & ~does_route) == 0) return found;
    follow_family(of, done & ~does_route, found);
    for (const auto& key : of.keys) follow(key, of, done, found);
    if ((done & changes) != 0) {
        for (const auto& name : of.deferrable) {
            found.objections.push_back({why_not::deferrable, about("deferrable constraint", name, of)});
        }
    }
    for (const auto& trigger : of.triggers) {
        if ((trigger.events & done) == 0) continue;
        if (trigger.deferrable) {
            found.objections.push_back({why_not::deferrable, about("deferrable trigger", trigger.name, of)});
        }
        found.triggers.push_back(&trigger);
    }
    for (const auto& column : of.columns) {
        if (column.default_tree.empty()) continue;
        if (column.generated) {
            found.trees.push_back(column.default_tree);
        } else if ((done & (does_insert | does_default)) != 0) {
            found.defaults.emplace_back(column.name, column.default_tree);
        }
    }
    return found;
}

}  // namespace penholder::sql
