#pragma once

#include "node_tree.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::sql {

/// What is done to a relation, as bits.
inline constexpr unsigned does_insert = 1;
inline constexpr unsigned does_update = 2;
inline constexpr unsigned does_delete = 4;
inline constexpr unsigned does_read = 8;
inline constexpr unsigned does_route = 16;    ///< Rows go through it into its partitions: its key is evaluated.
inline constexpr unsigned does_default = 32;  ///< An update stores columns' defaults.

/// Where something stems from that may be the transaction's time: built into the expression, or out of functions.
struct time_source {
    bool direct = false;
    std::set<oid> functions;

    bool possible() const noexcept { return direct || !functions.empty(); }
    void add(const time_source& other);
};

/// One expression whose value is stored in a column by an UPDATE, ON CONFLICT DO UPDATE or MERGE.
struct stored_column {
    oid relation = 0;
    std::string column;
    time_source time;
    bool from_excluded = false;  ///< Takes a value of the row that was to be inserted.
    bool from_moment = false;    ///< Takes what may hold a time from a variable, or from another row than the changed.
};

/// What a resolved statement or expression refers to.
struct tree_facts {
    std::set<oid> functions;
    std::set<oid> operators;
    std::set<oid> types;
    std::map<oid, unsigned> relations;  ///< With what is done to them.
    std::vector<stored_column> stored;
    std::map<oid, time_source> inserted;  ///< Into new rows of these relations.
    time_source elsewhere;                ///< Time anywhere but in `stored` and in conditions, which only choose rows.
    bool stores_default = false;          ///< SET … = DEFAULT.
    bool moment_constant = false;         ///< A constant of a type of dates or times, or of one of the user's.
    bool system_column = false;
    bool role_constant = false;
    std::string unknown;  ///< A kind of node that nobody has looked at; "CURRENTOFEXPR" among them.
};

/// Of `code` the results count as stored: what calls it may store them.
enum class tree_of : std::uint8_t { statement, code };

/// Pure. Errors: internal, where the text is no node tree.
result<tree_facts> read_tree(std::string_view text, tree_of what);

/// The first oid of objects that users make.
inline constexpr oid first_user_oid = 16384;

}  // namespace penholder::sql
