#pragma once

#include "base/wall_clock.hpp"
#include "connection_id.hpp"
#include "model/ids.hpp"
#include "sql/plainness.hpp"

#include <penholder/options.hpp>

#include <cstddef>
#include <string>

namespace penholder::lane {

/// What all transactions of a connection share: whose they are, under which term, and their bounds.
struct batch_settings {
    std::string group;
    penholder::term held;
    connection_id slot;                ///< Of the fence.
    sql::catalogue_stamp catalogue;    ///< The lane's: what its batches rely on.
    int statement_timeout_ms = 30000;  ///< The longest time of a statement.
    int lock_timeout_ms = 1000;
    int key_retention_s = 0;
    int origin_retention_s = 0;
    std::size_t max_receipt_bytes = 0;  ///< Of a round's rows.
    wall_clock clock = {};              ///< By which its decisions are dated.
    bool error_detail = false;          ///< Rejections carry PostgreSQL's DETAIL.
    bool expect_failures = false;       ///< A savepoint now and then, so that a failure undoes little.
};

/// Of a connection of this group, with its bounds as they are for a write alone.
inline batch_settings settings_of(const group_options& group, term held, connection_id slot,
                                  const wall_clock& clock = {}) {
    return {.group = group.name,
            .held = held,
            .slot = slot,
            .catalogue = {},
            .statement_timeout_ms = group.statement_timeout_max_ms,
            .lock_timeout_ms = group.lock_timeout_ms,
            .key_retention_s = group.key_retention_s,
            .origin_retention_s = group.origin_retention_s,
            .max_receipt_bytes = group.max_receipt_bytes,
            .clock = clock,
            .error_detail = group.error_detail,
            .expect_failures = false};
}

}  // namespace penholder::lane
