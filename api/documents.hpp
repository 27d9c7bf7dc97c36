#pragma once

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::api {

/// The terms of a group that the ensemble remembers, oldest first.
struct history {
    std::string group;
    std::vector<term_record> terms;
};

/// The nodes that have enrolled in a group.
struct member_list {
    std::string group;
    std::vector<member> members;
};

/// Whether operators have paused a group.
struct pause_state {
    std::string group;
    bool paused = false;
};

/// The documents of docs/http.md, as the daemon sends them and the command prints them.
boost::json::object to_json(const receipt& shown);
/// With the rows' values as JSON by the types of their columns (see typed_column); for write_exactly.
boost::json::object to_typed_json(receipt shown);
boost::json::object to_json(const leadership& shown);
boost::json::object to_json(const member& shown);
boost::json::object to_json(const term_record& shown);
boost::json::object to_json(const write_counters& shown);
boost::json::object to_json(const lock_wait& shown);
boost::json::object to_json(const group_status& shown);
boost::json::object to_json(const node_status& shown);
boost::json::object to_json(const history& shown);
boost::json::object to_json(const member_list& shown);
boost::json::object to_json(const pause_state& shown);

/// The same documents, read as another release may have written them: members that are not known are ignored, those
/// that are missing keep their defaults. Errors: internal where `body` is no JSON object.
result<node_status> read_node_status(std::string_view body);
result<history> read_history(std::string_view body);

}  // namespace penholder::api
