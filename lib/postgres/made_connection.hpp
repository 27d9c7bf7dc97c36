#pragma once

#include "lane/opened.hpp"
#include "raw_connection.hpp"

#include <memory>

namespace penholder::postgres {

/// A connection that may write, and what it has read: of a lane's the fence was raised over it.
struct made_connection {
    std::unique_ptr<raw_connection> connection;
    lane::opened seen;
};

}  // namespace penholder::postgres
