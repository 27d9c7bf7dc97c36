#pragma once

#include "model/ids.hpp"

#include <string>

namespace penholder::lane {

/// What all transactions of a lane share: whose they are, under which term, and their bounds.
struct batch_settings {
    std::string group;
    penholder::term held;
    int statement_timeout_max_ms = 30000;
    int key_retention_s = 0;
    int origin_retention_s = 0;
    bool expect_failures = false;  ///< A savepoint now and then, so that a failure undoes little.
};

}  // namespace penholder::lane
