#include "write_mode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace penholder::simulation {
namespace {

constexpr bool plain = true;
constexpr bool not_plain = false;
constexpr auto nothing = sql::residue::nothing;
constexpr auto cleanable = sql::residue::cleanable;
constexpr auto unclean = sql::residue::unclean;

constexpr std::array<mode_facts, write_modes> all{{
    {"good", "UPDATE good SET n = $1 WHERE m = $2", plain, nothing},
    {"broken", "INSERT INTO broken VALUES ($1, $2)", plain, nothing, false},
    {"nothing", "UPDATE nothing SET n = $1 WHERE m = $2", plain, nothing, false},
    {"clash", "INSERT INTO clash VALUES ($1, $2)", plain, nothing},
    {"dated", "UPDATE dated SET n = $1, changed = now() WHERE m = $2", plain, nothing},
    {"large", "UPDATE large SET n = $1 WHERE m = $2 RETURNING t", plain, nothing},
    {"huge", "UPDATE huge SET n = $1 WHERE m = $2 RETURNING t", plain, nothing, false},
    {"slow", "UPDATE slow SET n = $1 WHERE m = $2", plain, nothing},
    {"venom", "UPDATE venom SET n = $1 WHERE m = $2", plain, nothing, false, true},
    {"shifty", "UPDATE shifty SET n = $1 WHERE m = $2", plain, cleanable},
    {"fancy", "UPDATE fancy SET n = $1 WHERE m = $2", not_plain, cleanable},
    {"sticky", "UPDATE sticky SET n = $1 WHERE m = $2", not_plain, unclean},
    {"worded", "CALL worded($1, $2)", not_plain, unclean},
    {"later", "UPDATE later SET n = $1 WHERE m = $2", not_plain, cleanable, false},
    {"poison", "UPDATE poison SET n = $1 WHERE m = $2", not_plain, cleanable, false, true},
    {"bomb", "UPDATE bomb SET n = $1 WHERE m = $2", not_plain, cleanable, false, true},
    {"stubborn", "UPDATE stubborn SET n = $1 WHERE m = $2", not_plain, cleanable},
}};

}  // namespace

const mode_facts& facts_of(write_mode what) {
    return all[static_cast<std::size_t>(what)];
}

std::optional<write_mode> mode_of(std::string_view sql) {
    for (const std::string_view verb : {"UPDATE ", "INSERT INTO ", "CALL "}) {
        if (!sql.starts_with(verb)) continue;
        sql.remove_prefix(verb.size());
        sql = sql.substr(0, sql.find_first_of(" ("));
        const auto found = std::ranges::find(all, sql, &mode_facts::table);
        if (found == all.end()) return std::nullopt;
        return static_cast<write_mode>(found - all.begin());
    }
    return std::nullopt;
}

}  // namespace penholder::simulation
