#pragma once

#include "trouble.hpp"

#include <penholder/error.hpp>

namespace penholder::lane {

/// Why a connection is given up on which a command of ours failed.
inline error unfit_connection(const trouble& why) {
    if (why.empty()) return {errc::database_unreachable, "the connection is not fit for use"};
    return {errc::database_unreachable, why.message, why.sqlstate};
}

}  // namespace penholder::lane
