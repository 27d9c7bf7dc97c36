#include "tree_facts.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>

namespace penholder::sql {
namespace {

using node = node_tree::node;
using value = node_tree::value;

/// Nodes that run nothing but what their fields name. PostgreSQL 16 renamed some.
constexpr std::array<std::string_view, 66> reviewed_nodes{"QUERY",
                                                          "RANGETBLENTRY",
                                                          "RTEPERMISSIONINFO",
                                                          "ALIAS",
                                                          "FROMEXPR",
                                                          "JOINEXPR",
                                                          "RANGETBLREF",
                                                          "TARGETENTRY",
                                                          "VAR",
                                                          "CONST",
                                                          "PARAM",
                                                          "AGGREF",
                                                          "GROUPINGFUNC",
                                                          "WINDOWFUNC",
                                                          "SUBSCRIPTINGREF",
                                                          "FUNCEXPR",
                                                          "NAMEDARGEXPR",
                                                          "OPEXPR",
                                                          "DISTINCTEXPR",
                                                          "NULLIFEXPR",
                                                          "SCALARARRAYOPEXPR",
                                                          "BOOLEXPR",
                                                          "SUBLINK",
                                                          "FIELDSELECT",
                                                          "FIELDSTORE",
                                                          "RELABELTYPE",
                                                          "COERCEVIAIO",
                                                          "ARRAYCOERCEEXPR",
                                                          "CONVERTROWTYPEEXPR",
                                                          "COLLATE",
                                                          "COLLATEEXPR",
                                                          "CASE",
                                                          "CASEEXPR",
                                                          "WHEN",
                                                          "CASEWHEN",
                                                          "CASETESTEXPR",
                                                          "ARRAY",
                                                          "ARRAYEXPR",
                                                          "ROW",
                                                          "ROWEXPR",
                                                          "ROWCOMPARE",
                                                          "ROWCOMPAREEXPR",
                                                          "COALESCE",
                                                          "COALESCEEXPR",
                                                          "MINMAX",
                                                          "MINMAXEXPR",
                                                          "SQLVALUEFUNCTION",
                                                          "XMLEXPR",
                                                          "NULLTEST",
                                                          "BOOLEANTEST",
                                                          "COERCETODOMAIN",
                                                          "COERCETODOMAINVALUE",
                                                          "SETTODEFAULT",
                                                          "NEXTVALUEEXPR",
                                                          "INFERENCEELEM",
                                                          "ONCONFLICTEXPR",
                                                          "SORTGROUPCLAUSE",
                                                          "GROUPINGSET",
                                                          "WINDOWCLAUSE",
                                                          "ROWMARKCLAUSE",
                                                          "COMMONTABLEEXPR",
                                                          "CTESEARCHCLAUSE",
                                                          "SETOPERATIONSTMT",
                                                          "RANGETBLFUNCTION",
                                                          "TABLEFUNC",
                                                          "MERGEACTION"};
constexpr std::array<std::string_view, 4> reviewed_nodes_too{"CTECYCLECLAUSE", "TABLESAMPLECLAUSE", "WITHCHECKOPTION",
                                                             "RTE"};

constexpr std::array<std::string_view, 9> function_fields{"funcid",     "opfuncid",         "aggfnoid",
                                                          "winfnoid",   "hashfuncid",       "negfuncid",
                                                          "tsmhandler", "startInRangeFunc", "endInRangeFunc"};
constexpr std::array<std::string_view, 6> operator_fields{"opno",   "opnos",           "eqop",
                                                          "sortop", "cycle_mark_neop", "aggsortop"};
/// Conditions: they choose rows and store nothing.
constexpr std::array<std::string_view, 6> condition_fields{"quals",        "havingQual", "onConflictWhere",
                                                           "arbiterWhere", "limitCount", "qual"};

// date, time, timestamp, timestamptz, timetz, abstime's successors; their arrays, ranges and multiranges.
constexpr std::array<oid, 19> moment_types{1082, 1083, 1114, 1184, 1266, 1182, 1183, 1115, 1185, 1270,
                                           3908, 3909, 3910, 3911, 3912, 3913, 4533, 4534, 4535};
constexpr oid record = 2249;
constexpr oid regrole = 4096;
constexpr oid aclitem = 1033;
constexpr std::int64_t tableoid = -6;
constexpr std::int64_t last_time_of_value_functions = 8;  // CURRENT_DATE to LOCALTIMESTAMP(n).

bool names_types(std::string_view field) {
    return field.ends_with("type") || field.ends_with("types") || field.ends_with("typeid") || field == "typeId";
}

unsigned done_by(std::int64_t command) {
    static constexpr std::array<unsigned, 5> commands{0, does_read, does_update, does_insert, does_delete};
    return command >= 0 && command < 5 ? commands[static_cast<std::size_t>(command)] : 0U;
}

/// Walks one tree. Time is gathered into whatever `time_` points at: the column whose value is being read, or
/// everything else; nothing within conditions.
class walker {
public:
    walker(tree_facts& into, tree_of what)
        : into_(into), time_(&into.elsewhere), is_code_(what == tree_of::code), depth_(is_code_ ? 1 : 0) {}

    void walk(const value& what) {
        if (what.of != nullptr) walk_node(*what.of);
        for (const auto& item : what.items) walk(item);
    }

private:
    void walk_node(const node& one) {
        if (one.tag == "FIELDSELECT") return walk_field(one);
        if (!is_one_of(one.tag, reviewed_nodes) && !is_one_of(one.tag, reviewed_nodes_too)) into_.unknown = one.tag;
        look_at(one);
        if (one.tag == "QUERY") return walk_query(one);
        for (const auto& [name, held] : one.fields) {
            note_oids(name, held);
            if (is_one_of(name, condition_fields)) {
                walk_as(held, nullptr);
            } else {
                walk(held);
            }
        }
    }

    /// One field of a row: the row's other fields do not matter.
    void walk_field(const node& one) {
        const bool before = moment_seen_ || may_hold_moment(static_cast<oid>(one.number("resulttype")));
        for (const auto& [name, held] : one.fields) {
            note_oids(name, held);
            walk(held);
        }
        moment_seen_ = before;
    }

    /// What single nodes mean beyond the objects they name.
    void look_at(const node& one) {
        if (one.tag == "VAR") {
            const auto column = one.number("varattno");
            into_.system_column = into_.system_column || (column < 0 && column != tableoid);
            excluded_seen_ = excluded_seen_ || (excluded_ != 0 && one.number("varno") == excluded_);
            const bool is_own = one.number("varno") == changed_ && one.number("varlevelsup") == 0;
            note_moment(!is_own, one.number("vartype"));
        } else if (one.tag == "PARAM") {
            note_moment(is_code_ || one.number("paramkind") != 0, one.number("paramtype"));
        } else if (one.tag == "CONST") {
            const auto type = static_cast<oid>(one.number("consttype"));
            into_.role_constant = into_.role_constant || type == regrole || type == aclitem;
            into_.moment_constant = into_.moment_constant || type >= first_user_oid || is_moment(type);
        } else if (one.tag == "SQLVALUEFUNCTION") {
            note_time(one.number("op") <= last_time_of_value_functions);
        } else if (one.tag == "COERCEVIAIO") {
            note_time(is_moment(static_cast<oid>(one.number("resulttype"))));
        } else if (one.tag == "SETTODEFAULT") {
            into_.stores_default = true;
        } else if (one.tag == "RANGETBLENTRY" && one.number("rtekind") == 0) {
            into_.relations[static_cast<oid>(one.number("relid"))] |= does_read;
        }
    }

    void walk_query(const node& one) {
        const auto target = target_of(one);
        const auto command = one.number("commandType");
        if (target != 0) into_.relations[target] |= done_by(command);
        const auto* conflict = one.find("onConflict");
        const bool updates_on_conflict = conflict && conflict->of && conflict->of->number("action") == 2;
        if (updates_on_conflict) into_.relations[target] |= does_update;
        for (const auto& [name, held] : one.fields) {
            if (name == "targetList" && command == 2) {
                walk_stored(held, target, one.number("resultRelation"));
            } else if (name == "mergeActionList") {
                walk_merge(held, target, one.number("resultRelation"));
            } else if (name == "onConflict" && updates_on_conflict) {
                walk_conflict(*held.of, target, one.number("resultRelation"));
            } else if (is_one_of(name, condition_fields) || (name == "returningList" && depth_ == 0)) {
                walk_as(held, nullptr);
            } else if (name == "targetList" && command == 3) {
                walk_as(held, &into_.inserted[target]);  // Stored, but in a new row.
            } else {
                ++depth_;
                walk(held);
                --depth_;
            }
        }
    }

    void walk_merge(const value& actions, oid target, std::int64_t changed) {
        for (const auto& item : actions.items) {
            if (item.of == nullptr) continue;
            look_at(*item.of);
            if (item.of->tag != "MERGEACTION") into_.unknown = item.of->tag;
            const auto command = item.of->number("commandType");
            into_.relations[target] |= done_by(command);
            for (const auto& [name, held] : item.of->fields) {
                if (name != "targetList") {
                    walk_as(held, nullptr);
                } else if (command == 2) {
                    walk_stored(held, target, changed);
                } else {
                    walk_as(held, command == 3 ? &into_.inserted[target] : nullptr);
                }
            }
        }
    }

    void walk_conflict(const node& conflict, oid target, std::int64_t changed) {
        if (conflict.tag != "ONCONFLICTEXPR") into_.unknown = conflict.tag;
        excluded_ = conflict.number("exclRelIndex");
        for (const auto& [name, held] : conflict.fields) {
            if (name == "onConflictSet") {
                walk_stored(held, target, changed);
            } else {
                walk_as(held, nullptr);
            }
        }
        excluded_ = 0;
    }

    /// A list of target entries whose values go into columns of changed rows, the range table's entry `changed`.
    void walk_stored(const value& entries, oid target, std::int64_t changed) {
        const auto outer = std::exchange(changed_, changed);
        for (const auto& item : entries.items) {
            if (item.of == nullptr) continue;
            stored_column column{target, unescaped(item.of->atom("resname")), {}};
            excluded_seen_ = false;
            moment_seen_ = false;
            walk_as(item, &column.time);
            column.from_excluded = excluded_seen_;
            column.from_moment = moment_seen_;
            into_.stored.push_back(std::move(column));
        }
        changed_ = outer;
    }

    void walk_as(const value& what, time_source* time) {
        auto* const before = std::exchange(time_, time);
        walk(what);
        time_ = before;
    }

    static oid target_of(const node& query) {
        const auto index = query.number("resultRelation");
        const auto* table = query.find("rtable");
        if (index <= 0 || table == nullptr || static_cast<std::size_t>(index) > table->items.size()) return 0;
        const auto* entry = table->items[static_cast<std::size_t>(index) - 1].of;
        return entry ? static_cast<oid>(entry->number("relid")) : 0;
    }

    static std::string unescaped(std::string_view atom) {
        std::string text;
        for (std::size_t at = 0; at < atom.size(); ++at) {
            if (atom[at] == '\\' && at + 1 < atom.size()) ++at;
            text += atom[at];
        }
        return text;
    }

    void note_oids(std::string_view field, const value& held) {
        if (is_one_of(field, function_fields)) {
            each_oid(held, [&](oid one) {
                into_.functions.insert(one);
                if (time_ != nullptr) time_->functions.insert(one);
            });
        } else if (is_one_of(field, operator_fields)) {
            each_oid(held, [&](oid one) { into_.operators.insert(one); });
        } else if (names_types(field)) {
            each_oid(held, [&](oid one) {
                if (one >= first_user_oid) into_.types.insert(one);
            });
        }
    }

    static void each_oid(const value& held, auto note) {
        if (const auto one = number_of(held.atom); one && *one > 0) note(static_cast<oid>(*one));
        for (const auto& item : held.items) {
            if (const auto one = number_of(item.atom); one && *one > 0) note(static_cast<oid>(*one));
        }
    }

    void note_time(bool is_time) {
        if (is_time && time_ != nullptr) time_->direct = true;
    }

    void note_moment(bool from_elsewhere, std::int64_t type) {
        moment_seen_ = moment_seen_ || (from_elsewhere && may_hold_moment(static_cast<oid>(type)));
    }

    /// A type of somebody's own, or any row, may hold one.
    static bool may_hold_moment(oid type) { return type >= first_user_oid || type == record || is_moment(type); }
    static bool is_moment(oid type) { return std::ranges::find(moment_types, type) != moment_types.end(); }

    tree_facts& into_;
    time_source* time_;
    std::int64_t excluded_ = 0;  ///< The number of the row that was to be inserted, within ON CONFLICT DO UPDATE.
    bool excluded_seen_ = false;
    std::int64_t changed_ = 0;  ///< The number of the relation whose columns are stored.
    bool moment_seen_ = false;
    bool is_code_;
    int depth_;  ///< 0 in what is outermost of a statement.
};

}  // namespace

void time_source::add(const time_source& other) {
    direct = direct || other.direct;
    functions.insert(other.functions.begin(), other.functions.end());
}

result<tree_facts> read_tree(std::string_view text, tree_of what) {
    const auto tree = node_tree::parse(text);
    if (!tree) return tree.error();
    tree_facts facts;
    walker(facts, what).walk(tree->root());
    return facts;
}

}  // namespace penholder::sql
