#pragma once

#include <penholder/error.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::sql {

/// The name of an object in PostgreSQL's catalogue.
using oid = std::uint32_t;

/// PostgreSQL's resolved form of a statement or an expression, as pg_proc.prosqlbody, pg_attrdef.adbin and their like
/// show it: nodes with named fields. Views into the text, which must outlive it.
class node_tree {
public:
    struct node;

    /// One token, one node, or a list.
    struct value {
        std::string_view atom;
        const node* of = nullptr;
        std::vector<value> items;
        bool is_list = false;
    };

    struct node {
        std::string_view tag;
        std::vector<std::pair<std::string_view, value>> fields;

        /// The first field of that name; null where there is none.
        const value* find(std::string_view name) const noexcept;
        /// The number that the field holds; 0 where it holds none.
        std::int64_t number(std::string_view name) const noexcept;
        std::string_view atom(std::string_view name) const noexcept;
    };

    /// Pure. Errors: internal, where the text is no node tree or nests too deep.
    static result<node_tree> parse(std::string_view text);

    const value& root() const noexcept { return root_; }

private:
    friend class tree_reader;
    std::deque<node> nodes_;
    value root_;
};

/// A token as a number; nothing where it is none.
std::optional<std::int64_t> number_of(std::string_view atom) noexcept;

}  // namespace penholder::sql
