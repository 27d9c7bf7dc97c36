#pragma once

#include <iosfwd>

namespace penholder::cli {

/// Where a run of the command reads and writes. Data goes to `out`, talk to `err`, and never the other way round.
struct terminal {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool asks = false;    ///< A person at `in` can be asked.
    bool colour = false;  ///< Only for a person at a terminal who did not set NO_COLOR.
};

}  // namespace penholder::cli
