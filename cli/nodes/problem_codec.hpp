#pragma once

#include "cli/nodes/http_client.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <string>

namespace penholder::cli {

/// What a node's `application/problem+json` says; where the answer is something else, what its HTTP status says.
error decode_problem(const http_answer& answer);

/// The receipt in a node's answer to a write: from 200 a committed one, from a problem a rejected or unknown one.
/// `write_id` stands in where the answer names none. Errors: what is wrong with the request rather than with the write.
result<receipt> decode_receipt(const http_answer& answer, const std::string& write_id);

}  // namespace penholder::cli
