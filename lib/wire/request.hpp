#pragma once

#include "model/ids.hpp"
#include "model/write_answer.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace penholder::wire {

/// A write on its way to the leader. Its reply is a `write_answer`.
struct submit {
    std::string id;  ///< The write id.
    std::shared_ptr<const write> what;
    origin_mark mark;
    std::uint32_t deadline_ms = 0;  ///< The time that is left.
    bool first = false;             ///< No earlier attempt of it can have been applied.
};

/// A question to the leader's ledger: the receipt of a write id. Its reply is a `find_result`.
struct find {
    std::string id;
    friend bool operator==(const find&, const find&) = default;
};

struct find_result {
    std::optional<receipt> found;     ///< Nothing, without `failed`: the ledger knows no such write id.
    std::optional<error> failed;      ///< Why the ledger could not be asked.
    std::optional<leader_hint> hint;  ///< With not_leader.
    friend bool operator==(const find_result&, const find_result&) = default;
};

/// Has the leader's ledger forget a key whose write was rejected. Its reply is a `forget_result`.
struct forget {
    std::string id;
    std::string by;  ///< Who wants it: for the log.
    friend bool operator==(const forget&, const forget&) = default;
};

struct forget_result {
    std::optional<receipt> forgotten;  ///< Nothing, without `failed`: the ledger knows no such write id.
    std::optional<error> failed;       ///< Why it was not forgotten.
    friend bool operator==(const forget_result&, const forget_result&) = default;
};

/// Everything that a follower asks of its leader. A new kind is one more alternative here, its answer at the same
/// position of `reply_body`, their bytes in the codec, and what the group's machine makes of it. Links, peers and
/// listeners carry whatever is in here.
using request_body = std::variant<submit, find, forget>;
using reply_body = std::variant<write_answer, find_result, forget_result>;
static_assert(std::variant_size_v<request_body> == std::variant_size_v<reply_body>, "each request has its reply");

struct request {
    std::uint64_t id = 0;  ///< Unique among the requests of one connection that have no reply yet.
    request_body what;
};

struct reply {
    std::uint64_t id = 0;  ///< The request's.
    reply_body what;
    friend bool operator==(const reply&, const reply&) = default;
};

/// The answer to a request that nobody has looked at. Nothing was done, so the follower may ask again.
reply_body refuse(const request_body& asked, error why);

/// The receipt that an answer carries; null where it carries none.
receipt* receipt_in(reply_body& answer) noexcept;

}  // namespace penholder::wire
