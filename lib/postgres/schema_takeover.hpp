#pragma once

#include <penholder/error.hpp>

#include <pqxx/pqxx>

#include <string>

namespace penholder::postgres {

/// A role that owns schema `penholder` or something in it and is neither a superuser nor the one that is connected;
/// empty where there is none. What it owns it can replace, and whoever calls that runs its code.
std::string other_owner(pqxx::transaction_base& work);

/// Makes schema `penholder` anew as the connected superuser's own, with the rows that it holds and for the roles that
/// could use it; `owner` becomes one of those. `make` makes the schema of the present version. Nothing of the old one
/// is executed: its functions are dropped, and what is read must be ordinary tables of built-in types. Errors: refused.
template <class Make>
result<> take_over_schema(pqxx::transaction_base& work, const std::string& owner, Make make);

/// The steps of take_over_schema.
result<> set_schema_aside(pqxx::transaction_base& work, const std::string& owner);
void bring_rows_over(pqxx::transaction_base& work, const std::string& owner);

template <class Make>
result<> take_over_schema(pqxx::transaction_base& work, const std::string& owner, Make make) {
    if (const auto aside = set_schema_aside(work, owner); !aside) return aside.error();
    make();
    bring_rows_over(work, owner);
    return {};
}

}  // namespace penholder::postgres
