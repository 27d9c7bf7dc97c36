#pragma once

#include "cli/nodes/node_url.hpp"
#include "tls/credentials.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace penholder::cli {

/// One request to a node.
struct http_question {
    enum class method : std::uint8_t { get, post, remove };
    method by = method::get;
    std::string target;  ///< Percent-encoded.
    std::string body;    ///< JSON, for a POST.
    std::string token;
    std::string idempotency_key;
};

struct http_answer {
    unsigned status = 0;
    std::string body;
    std::string date;  ///< The node's clock as its `Date` header tells; may be empty.
};

/// Asks over a connection of its own, on the caller's executor, where it is one of TLS by those credentials. Errors:
/// link_lost when nothing can have been sent, outcome_unknown when it was sent and no whole answer came.
boost::asio::awaitable<result<http_answer>> ask(node_url where, std::shared_ptr<tls::credentials> by,
                                                http_question what, std::chrono::milliseconds within);

/// One path segment, percent-encoded.
std::string path_segment(std::string_view text);

}  // namespace penholder::cli
