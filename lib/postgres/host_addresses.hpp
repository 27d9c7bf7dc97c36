#pragma once

#include "names/address_book.hpp"

#include <penholder/error.hpp>

#include <string>
#include <vector>

namespace penholder::postgres {

/// One host of a connection string; what the string does not say is empty.
struct named_host {
    std::string host;
    std::string address;
    std::string port;

    /// Not a socket's folder, and of no known address.
    bool has_to_be_looked_up() const;
};

/// The hosts that a connection string names, in its order.
std::vector<named_host> hosts_in(const std::string& conninfo);

/// The connection string with its hosts' addresses, `found` in the order of its hosts; those that nobody knows are left
/// out. Errors: database_unreachable (nobody knows any).
result<std::string> with_addresses(const std::string& conninfo, const std::vector<names::address_book::answer>& found);

/// Complete connection strings with what their hosts' names stand for. libpq would look the names up itself, on the
/// calling thread and for as long as a name server is silent. Blocks, for `names::patience` at the longest.
std::vector<result<std::string>> look_up_hosts(const std::vector<std::string>& conninfos, names::address_book& book);

}  // namespace penholder::postgres
