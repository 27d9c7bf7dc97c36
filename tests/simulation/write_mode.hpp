#pragma once

#include "sql/plainness.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::simulation {

/// What a write's last statement does at the database; those before it are good.
enum class write_mode : std::uint8_t {
    good,
    // Plain.
    broken,   ///< It fails.
    nothing,  ///< It affects no rows where it expects one.
    clash,    ///< It fails where another write has done the same in this transaction.
    dated,    ///< It stores the transaction's time, which no other may share.
    large,    ///< It returns more than half of what a round may bring.
    huge,     ///< It returns more than a receipt may hold.
    slow,     ///< It takes long, and ends by its time-out.
    venom,    ///< It ends its own backend.
    shifty,   ///< Plain or not, and leaving something or nothing, as the catalogue has it.
    // Not plain.
    fancy,     ///< It leaves something in the session that can be cleaned, or nothing, as the catalogue has it.
    sticky,    ///< The same, and only a new connection is clean.
    worded,    ///< Not plain by its text.
    later,     ///< A deferred constraint fails.
    poison,    ///< It ends its own backend.
    bomb,      ///< The whole server goes down, and comes up again.
    stubborn,  ///< During the storm it runs beyond every time-out, until its backend is ended.
};
inline constexpr int write_modes = static_cast<int>(write_mode::stubborn) + 1;

/// What is true of a mode whenever it is run.
struct mode_facts {
    std::string_view table;
    std::string_view sql;
    bool plain = false;
    sql::residue leaves = sql::residue::unclean;  ///< In its session.
    bool commits = true;                          ///< It can, if only alone.
    bool kills = false;
};

const mode_facts& facts_of(write_mode what);

/// Of a statement of the simulation's own writes; nothing of any other.
std::optional<write_mode> mode_of(std::string_view sql);

/// The two parameters of such a statement: the write's number, and which of its statements it is.
inline constexpr int statements_max = 2;

}  // namespace penholder::simulation
