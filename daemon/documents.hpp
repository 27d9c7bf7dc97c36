#pragma once

#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <boost/json/object.hpp>

namespace penholder::daemon {

/// The JSON that the HTTP API shows of each of the library's values.
boost::json::object to_json(const receipt& shown);
boost::json::object to_json(const leadership& shown);
boost::json::object to_json(const member& shown);
boost::json::object to_json(const term_record& shown);
boost::json::object to_json(const group_status& shown);
boost::json::object to_json(const node_status& shown);

template <class Value>
boost::json::array to_json(const std::vector<Value>& shown) {
    boost::json::array all;
    for (const auto& each : shown) all.push_back(to_json(each));
    return all;
}

}  // namespace penholder::daemon
