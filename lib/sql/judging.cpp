#include "judging.hpp"

#include "function_review.hpp"
#include "probe_text.hpp"
#include "shape.hpp"

#include <algorithm>

namespace penholder::sql {
namespace {

constexpr std::size_t most_objects = 4000;  ///< Relations and uses of functions; partitions count one each.
constexpr std::size_t most_pieces = 500;

bool holds(const auto& all, const auto& one) {
    return std::ranges::find(all, one) != all.end();
}

/// What code may leave in its session that is objected to for this. Where it is not looked into any further, nobody
/// knows what it calls; policies are.
residue left_by(why_not why) {
    switch (why) {
        case why_not::system_column:
        case why_not::transaction_id:
        case why_not::row_security: return residue::nothing;
        case why_not::volatile_function:
        case why_not::setting:
        case why_not::session_state:
        case why_not::deferrable:
        case why_not::catalogue_table:
        case why_not::relative_time:
        case why_not::role_name: return residue::cleanable;
        default: return residue::unclean;
    }
}

bool may_tell_moment(const std::string& sql) {
    const auto tokens = scan(sql);
    return !tokens || shape_of(*tokens).find(relative_time_tag) != std::string::npos;
}

}  // namespace

void judging::start(const std::string& sql, const resolved_code& as) {
    parameters_ = static_cast<std::uint16_t>(as.argument_types.size());
    if (database_.own_operators_in_families) {
        object(why_not::operator_class, "PostgreSQL's own operator families have members of the user's");
    }
    for (const auto type : as.argument_types) use_type(type);
    const auto facts = read_tree(as.tree, tree_of::statement);
    if (!facts) return object(why_not::unknown, facts.error().message);
    if (facts->moment_constant && may_tell_moment(sql)) {
        object(why_not::relative_time, "a constant such as 'now', which is read once for many executions");
    }
    absorb(*facts, "the statement");
    stamps_.add_elsewhere(facts->elsewhere);
    for (const auto& column : facts->stored) stamps_.add_stored(column);
    for (const auto& [relation, time] : facts->inserted) stamps_.add_inserted(relation, time);
    for (const auto& [relation, done] : facts->relations) {
        const bool stores = facts->stores_default && (done & does_update) != 0;
        use_relation(relation, done | (stores ? does_default : 0U));
    }
}

void judging::object(why_not why, std::string detail) {
    leave(left_by(why));
    if (!first_) first_ = objection{why, std::move(detail)};
}

void judging::leave(residue what) {
    leaves_ = std::max(leaves_, what);
}

/// What holds for all code, the relations in it and its time apart.
void judging::absorb(const tree_facts& facts, const std::string& by) {
    if (facts.unknown == "CURRENTOFEXPR") {
        object(why_not::session_state, by + " uses a cursor");
    } else if (!facts.unknown.empty()) {
        object(why_not::unknown, by + " has a part that was not reviewed: " + facts.unknown);
    }
    if (facts.system_column) object(why_not::system_column, by + " uses a system column");
    if (facts.role_constant) object(why_not::role_name, by + " has a constant that names a role");
    for (const auto function : facts.functions) use_function({function, 0, 0});
    for (const auto type : facts.types) use_type(type);
    for (const auto one : facts.operators) {
        if (one >= first_user_oid && !seen_.operators.contains(one)) wanted_.operators.insert(one);
    }
}

/// An expression of the catalogue's: a check, an index's, a domain's; or a view, through which more may be done.
time_source judging::absorb_tree(const std::string& tree, const std::string& by, unsigned done_through) {
    const auto facts = read_tree(tree, tree_of::code);
    if (!facts) {
        object(why_not::unknown, by + ": " + facts.error().message);
        return {};
    }
    absorb(*facts, by);
    for (const auto& [relation, done] : facts->relations) use_relation(relation, done | done_through);
    return facts->elsewhere;
}

void judging::use_function(const use& which) {
    if (!used_.insert(which).second) return;
    waiting_.push_back(which);
    if (!functions_.contains(which.function)) wanted_.functions.insert(which.function);
}

void judging::use_relation(oid which, unsigned done) {
    const auto known = relations_.find(which);
    const auto before = done_[which];
    done_[which] |= done;
    if (known == relations_.end()) {
        wanted_.relations.insert(which);
    } else if (done_[which] != before) {
        judge_relation(known->second, done_[which]);
    }
}

void judging::use_type(oid which) {
    if (which >= first_user_oid && seen_.types.insert(which).second) wanted_.types.insert(which);
}

std::optional<catalogue_question> judging::next() {
    while (true) {
        if (used_.size() + done_.size() > most_objects || pieces_.size() > most_pieces) {
            leave(residue::unclean);
            object(why_not::too_large, "it reaches more than " + std::to_string(most_objects) + " objects");
            return std::nullopt;
        }
        if (!wanted_.empty()) {
            asked_ = std::exchange(wanted_, {});
            return asked_;
        }
        if (!waiting_.empty()) {
            const auto which = waiting_.front();
            waiting_.pop_front();
            judge_function(which, functions_.at(which.function));
        } else if (!pieces_.empty()) {
            return question::probe{pieces_.front().create_function};
        } else {
            return std::nullopt;
        }
    }
}

void judging::found(const catalogue_facts& facts) {
    for (const auto& one : facts.functions) functions_.emplace(one.id, one);
    for (const auto& one : facts.relations) relations_.emplace(one.id, one);
    for (const auto& one : facts.operators) {
        seen_.operators.insert(one.id);
        if (!is_harmless(one.name)) use_function({one.function, 0, 0});
    }
    for (const auto& one : facts.types) judge_type(one);
    note_missing(facts);
    for (const auto& one : facts.relations) judge_relation(one, done_[one.id]);
}

/// What was dropped in the meantime, or is no object of that kind: functions get facts that nothing is plain with.
void judging::note_missing(const catalogue_facts& facts) {
    const bool all = facts.relations.size() == asked_.relations.size() && facts.types.size() == asked_.types.size() &&
                     facts.operators.size() == asked_.operators.size() &&
                     facts.functions.size() == asked_.functions.size();
    if (!all) {
        leave(residue::unclean);
        object(why_not::unknown, "the catalogue does not know an object that the statement uses");
    }
    function_facts gone;
    gone.name = "a function that is gone";
    for (const auto one : asked_.functions) functions_.try_emplace(one, gone);
}

void judging::judge_type(const type_facts& what) {
    for (const auto part : what.parts) use_type(part);
    for (const auto& tree : what.trees) stamps_.add_elsewhere(absorb_tree(tree, "type " + what.name, 0));
    if (what.own_operator_class) object(why_not::operator_class, "type " + what.name + " has its own operator class");
    if (what.own_json_cast) object(why_not::user_cast, "type " + what.name + " has its own cast to json");
    for (const auto function : what.functions) use_function({function, 0, 0});
    if (what.kind == 'p') object(why_not::user_type, "type " + what.name);
}

bool judging::is_harmless(const std::string& name) const {
    return holds(rules_.harmless_functions, name);
}

void judging::judge_function(const use& which, const function_facts& what) {
    if (what.built_in) {
        if (const auto why = objection_to(what, database_)) object(*why, what.name + "()" + used_by(which));
        if (tells_transaction_time(what)) stamps_.tells_time(what.id);
        if (stains_session(what)) leave(residue::unclean);
        return;
    }
    const bool readable = what.language == "sql" || what.language == "plpgsql";
    if (!readable || what.configured || mentions_session(what.source)) leave(residue::unclean);
    if (is_harmless(what.name)) return;
    const auto why = which.table != 0 ? why_not::trigger : why_not::user_function;
    const auto refuse = [&](const std::string& how) { object(why, what.name + "()" + used_by(which) + how); };
    if (what.name.starts_with("penholder.")) return refuse(" is Penholder's own");
    if (!readable) return refuse(" is in language " + what.language);
    if (what.configured) return refuse(" sets settings for itself");
    if (what.definer) return refuse(" runs as its owner");
    if (!what.defaults.empty()) absorb_function_tree(which, what, what.defaults);
    if (!what.tree.empty()) {
        absorb_function_tree(which, what, what.tree);
    } else {
        judge_body(which, what, refuse);
    }
}

/// Of its body, or of its arguments' defaults: what calls it stores what comes of either.
void judging::absorb_function_tree(const use& which, const function_facts& what, const std::string& tree) {
    const auto facts = read_tree(tree, tree_of::code);
    if (!facts) return object(why_not::unknown, what.name + "(): " + facts.error().message);
    absorb(*facts, what.name + "()");
    use_type(what.returns);
    note_time({which, {}, false, {}}, *facts);
    for (const auto& [relation, done] : facts->relations) use_relation(relation, done);
}

void judging::judge_body(const use& which, const function_facts& what,
                         const std::function<void(const std::string&)>& refuse) {
    const auto body =
        what.language == "sql" ? read_sql_body(what.source) : read_plpgsql(what.definition, what.argument_names);
    if (!body) return refuse(" cannot be read");
    if (!body->beyond.empty()) return refuse(" has " + body->beyond);
    if (what.language == "plpgsql" && database_.resolves_conflicts) {
        return refuse(" is subject to plpgsql.variable_conflict, which is set");
    }
    use_type(what.returns);
    if (!database_.cast_targets.empty() && holds(database_.cast_targets, what.returns)) {
        return object(why_not::user_cast, what.name + "() returns a type that has its own casts");
    }
    const auto table = relations_.find(which.table);
    const auto row = table == relations_.end() ? std::string() : table->second.name;
    for (const auto& code : body->pieces) {
        auto text = probe_text(what, *body, code, row);
        if (!text) return refuse(" has SQL that is not looked into: " + text.error().message);
        pieces_.push_back({which, code, may_tell_moment(code.sql), std::move(*text)});
    }
}

void judging::resolved(const result<resolved_code>& as) {
    const auto code = std::move(pieces_.front());
    pieces_.pop_front();
    const auto& name = functions_.at(code.of.function).name;
    const auto why = code.of.table != 0 ? why_not::trigger : why_not::user_function;
    const auto refuse = [&](const std::string& how) { object(why, name + "()" + used_by(code.of) + how); };
    if (!as) return refuse(" has SQL that cannot be resolved: " + as.error().message);
    for (const auto type : as->argument_types) {
        use_type(type);
        if (holds(database_.cast_targets, type)) return refuse(" assigns to a type that has its own casts");
    }
    if (const auto table = relations_.find(code.of.table); table != relations_.end()) {
        for (const auto& column : table->second.columns) {
            if (holds(database_.cast_targets, column.type)) return refuse(" assigns to a type that has its own casts");
        }
    }
    const auto facts = read_tree(as->tree, tree_of::code);
    if (!facts) return refuse(": " + facts.error().message);
    if (facts->moment_constant && code.moment) {
        object(why_not::relative_time,
               name + "() has a constant such as 'now', which is read once for many executions");
    }
    absorb(*facts, name + "()");
    note_time(code, *facts);
    for (const auto& [relation, done] : facts->relations) {
        const bool stores = facts->stores_default && (done & does_update) != 0;
        use_relation(relation, done | (stores ? does_default : 0U));
    }
}

/// Where the time goes that code of a function gives: into a column of the row that it is a trigger for, into what it
/// changes itself, or anywhere.
void judging::note_time(const piece& of, const tree_facts& facts) {
    for (const auto& column : facts.stored) stamps_.add_stored(column);
    for (const auto& [relation, time] : facts.inserted) stamps_.add_inserted(relation, time);
    if (of.code.what == plpgsql_piece::kind::condition) return;
    if (of.of.table == 0) return stamps_.add_result(of.of.function, facts.elsewhere);
    if ((of.of.events & does_insert) != 0) stamps_.add_inserted(of.of.table, facts.elsewhere);
    if (!of.code.field_of_new.empty()) {
        if ((of.of.events & does_update) == 0) return;
        stamps_.add_stored({of.of.table, of.code.field_of_new, facts.elsewhere, false});
    } else {
        stamps_.add_elsewhere(facts.elsewhere);
    }
}

void judging::judge_relation(const relation_facts& what, unsigned done) {
    const auto needs = needs_of(what, done);
    for (const auto& one : needs.objections) object(one.why, one.detail);
    if (what.kind == 'f') leave(residue::unclean);
    for (const auto& column : what.columns) use_type(column.type);
    for (const auto one : what.operators) {
        if (one >= first_user_oid && !seen_.operators.contains(one)) wanted_.operators.insert(one);
    }
    for (const auto& tree : needs.trees) absorb_tree(tree, what.name, 0);
    // What a view gives may be stored by whoever reads it.
    if (!what.view_tree.empty()) stamps_.add_elsewhere(absorb_tree(what.view_tree, what.name, done));
    for (const auto& [column, tree] : needs.defaults) {
        const auto facts = read_tree(tree, tree_of::code);
        if (!facts) return object(why_not::unknown, what.name + ": " + facts.error().message);
        absorb(*facts, "the default of " + what.name + "." + column);
        if ((done & does_insert) != 0) stamps_.add_inserted(what.id, facts->elsewhere);
        if ((done & does_default) != 0) stamps_.add_stored({what.id, column, facts->elsewhere, false});
    }
    for (const auto* trigger : needs.triggers) use_function({trigger->function, what.id, trigger->events & done});
    for (const auto& [other, its] : needs.relations) use_relation(other, its);
}

std::string judging::used_by(const use& which) const {
    const auto table = relations_.find(which.table);
    return table == relations_.end() ? std::string() : ", a trigger of " + table->second.name + ",";
}

plainness judging::verdict() const {
    plainness made;
    made.parameters = parameters_;
    made.plain = !first_;
    if (first_) {
        made.why_not = to_string(first_->why);
        made.detail = first_->detail;
        made.leaves = leaves_;
    } else {
        // A function that was declared harmless may be one that nobody can read.
        made.leaves = std::min(leaves_, residue::cleanable);
        made.stamped_tables = stamps_.tables(relations_, done_, rules_.no_version_columns);
        made.new_stamped_tables = stamps_.new_tables(relations_, done_);
        made.deleted_tables = stamping::deleted_tables(relations_, done_);
    }
    return made;
}

}  // namespace penholder::sql
