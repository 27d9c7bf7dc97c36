#pragma once

#include "model/fence_record.hpp"
#include "raise_memory.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace penholder::postgres {

/// One host of a connection string that names several: the whole string with this host alone.
struct host_conninfo {
    std::string host;  ///< For people: "db-1:5432".
    std::string conninfo;
};

/// The hosts of a complete connection string, in its order.
std::vector<host_conninfo> each_host(const std::string& conninfo);

/// A host, and how the fence stands there and in which history, or why it cannot be written. A server without our
/// schema is of unknown lineage.
struct host_answer {
    host_conninfo where;
    result<fence_record> seen;
};

/// Asks all of them at once. Who has not answered after `patience` is none to be reckoned with. Blocks.
std::vector<host_answer> ask_hosts(const std::vector<host_conninfo>& hosts, const std::string& group,
                                   std::chrono::milliseconds patience);

/// Which host is to be written to, and why others that could be written are not.
struct host_choice {
    result<host_answer> chosen;
    std::vector<std::string> refusals;
};

/// The newest that may be written to by what is known; where several are alike, the first. Errors:
/// database_unreachable, with what every host says.
host_choice choose_host(const std::vector<host_answer>& answers, const known_raise& known);

}  // namespace penholder::postgres
