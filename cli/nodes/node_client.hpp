#pragma once

#include "cli/nodes/http_client.hpp"

#include <penholder/leadership.hpp>
#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace penholder::cli {

/// A node's HTTP, one call for each thing that can be asked. Owned by a command; on its executor.
class node_client {
public:
    node_client(node_url where, std::string token, std::shared_ptr<tls::credentials> by)
        : where_(std::move(where)), token_(std::move(token)), by_(std::move(by)) {}

    const node_url& where() const noexcept { return where_; }

    /// A node's status and its clock as it answered.
    struct report {
        node_status status;
        std::string date;
    };

    /// Errors of all calls: link_lost, outcome_unknown, and what the node answers.
    boost::asio::awaitable<result<report>> status(std::chrono::milliseconds within) const;
    boost::asio::awaitable<result<std::vector<term_record>>> history(std::string group,
                                                                     std::chrono::milliseconds within) const;

    /// Submits a write whose body is ready. A rejected or unknown write is a receipt, no error.
    boost::asio::awaitable<result<receipt>> submit(std::string group, std::string key, std::string body,
                                                   std::chrono::milliseconds within) const;

    /// Has the ledger forget a rejected write's key; the receipt that is forgotten.
    boost::asio::awaitable<result<receipt>> forget(std::string group, std::string key,
                                                   std::chrono::milliseconds within) const;

    /// `what` is handover, resign, pause or resume.
    boost::asio::awaitable<result<>> operate(std::string group, std::string what, boost::json::object request,
                                             std::chrono::milliseconds within) const;

private:
    node_url where_;
    std::string token_;
    std::shared_ptr<tls::credentials> by_;  ///< For TLS.
};

}  // namespace penholder::cli
