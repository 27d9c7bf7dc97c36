#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::daemon {

namespace http = boost::beast::http;

class event_feed;
class spooled_body;

/// A request after its path has been taken apart.
struct http_request {
    http::request<http::string_body> message;
    std::vector<std::string> captured;         ///< What stood where the route has `{}`: the group, then the key.
    std::map<std::string, std::string> query;  ///< Decoded; the last of a name counts.

    const std::string& group() const { return captured.front(); }
    std::string header(http::field name) const { return std::string(message[name]); }
};

/// What is sent back.
struct reply {
    http::status status = http::status::ok;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<event_feed> events;  ///< Set: the body goes on with these for as long as the client listens.
    std::shared_ptr<spooled_body> large_body = {};  ///< Set: the body.
    bool to_application = false;                    ///< As opposed to operators, and to whoever asks for health.
};

reply json_reply(http::status status, const boost::json::value& body);

}  // namespace penholder::daemon
