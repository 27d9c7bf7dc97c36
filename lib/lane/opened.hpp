#pragma once

#include "model/fence_record.hpp"
#include "sql/plainness.hpp"

namespace penholder::lane {

/// What a new connection of the lane or of a session has read: the fence, which only the lane's raises, and the stamp
/// of the catalogue as it was after that.
struct opened {
    fence_answer fence;
    sql::catalogue_stamp catalogue;
};

}  // namespace penholder::lane
