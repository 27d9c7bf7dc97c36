#pragma once

#include "catalogue_facts.hpp"
#include "judging_rules.hpp"
#include "plainness.hpp"
#include "plpgsql_body.hpp"
#include "relation_rules.hpp"
#include "stamping.hpp"
#include "tree_facts.hpp"
#include "why_not.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace penholder::sql {

/// What judging asks of the catalogue.
namespace question {

/// Facts about these; answered by `judging::found`.
struct objects {
    std::set<oid> relations;
    std::set<oid> functions;
    std::set<oid> operators;
    std::set<oid> types;

    bool empty() const noexcept { return relations.empty() && functions.empty() && operators.empty() && types.empty(); }
};
/// The resolved form of code: make this function in a transaction that is rolled back, and read its prosqlbody and
/// proargtypes. Answered by `judging::resolved`.
struct probe {
    std::string create_function;
};

}  // namespace question

using catalogue_question = std::variant<question::objects, question::probe>;

struct resolved_code {
    std::string tree;
    std::vector<oid> argument_types;
};

/// Decides whether a statement is plain: asks for what the catalogue knows of all that the statement can reach, until
/// it knows enough. Owned by one inquiry. Pure: `start`, then `next` and its answer in turn until there is no question
/// left, then `verdict`. Whatever is missing, unknown or beyond the bounds makes the statement not plain.
class judging {
public:
    judging(judging_rules rules, database_facts database) : rules_(std::move(rules)), database_(std::move(database)) {}

    /// The statement as it was given and as PostgreSQL resolved it.
    void start(const std::string& sql, const resolved_code& as);

    std::optional<catalogue_question> next();
    void found(const catalogue_facts& facts);
    void resolved(const result<resolved_code>& as);

    plainness verdict() const;

private:
    /// A use of a function: as a trigger of a table by these events, or by a call where `table` is 0.
    struct use {
        oid function = 0;
        oid table = 0;
        unsigned events = 0;
        auto operator<=>(const use&) const = default;
    };
    struct piece {
        use of;
        plpgsql_piece code;
        bool moment = false;  ///< A string in it may tell a moment.
        std::string create_function;
    };

    void object(why_not why, std::string detail);
    void leave(residue what);
    void absorb(const tree_facts& facts, const std::string& by);
    /// Answers what time the tree gives to whoever reads it.
    time_source absorb_tree(const std::string& tree, const std::string& by, unsigned done_through);
    void absorb_function_tree(const use& which, const function_facts& what, const std::string& tree);
    void use_function(const use& which);
    void use_relation(oid which, unsigned done);
    void use_type(oid which);
    void note_missing(const catalogue_facts& facts);
    void note_time(const piece& of, const tree_facts& facts);
    void judge_type(const type_facts& what);
    void judge_relation(const relation_facts& what, unsigned done);
    void judge_function(const use& which, const function_facts& what);
    void judge_body(const use& which, const function_facts& what,
                    const std::function<void(const std::string&)>& refuse);
    bool is_harmless(const std::string& name) const;
    std::string used_by(const use& which) const;

    judging_rules rules_;
    database_facts database_;
    std::uint16_t parameters_ = 0;
    std::map<oid, function_facts> functions_;
    std::map<oid, relation_facts> relations_;
    std::map<oid, unsigned> done_;  ///< To relations.
    question::objects seen_;        ///< Types and operators that were asked for or judged.
    std::set<use> used_;
    std::deque<use> waiting_;  ///< For facts about the function, or to be judged.
    question::objects wanted_;
    question::objects asked_;
    std::deque<piece> pieces_;
    stamping stamps_;
    std::optional<objection> first_;
    residue leaves_ = residue::nothing;
};

}  // namespace penholder::sql
