#pragma once

#include "purpose.hpp"

#include <penholder/error.hpp>

#include <string>

namespace penholder::lane {

/// What kept a transaction from going on.
struct trouble {
    std::string message;            ///< For people; empty where there was none.
    std::string sqlstate;           ///< Where PostgreSQL said so.
    purpose step = purpose::other;  ///< Which command of ours failed; `other` where there was no connection.

    bool empty() const noexcept { return message.empty(); }

    static trouble of(const error& why) { return {why.message, why.sqlstate, purpose::other}; }

    friend bool operator==(const trouble&, const trouble&) = default;
};

}  // namespace penholder::lane
