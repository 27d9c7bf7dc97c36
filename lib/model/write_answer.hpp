#pragma once

#include "ids.hpp"
#include "verdict.hpp"

#include <penholder/receipt.hpp>

#include <optional>
#include <string>
#include <utility>

namespace penholder {

/// Who leads, as told by somebody who knows better: a leader that was deposed, or the fence row itself.
struct leader_hint {
    penholder::term term;
    std::string node;      ///< May be empty when only the term is known.
    std::string endpoint;  ///< Where that leader accepts links, host:port; may be empty.

    friend bool operator==(const leader_hint&, const leader_hint&) = default;
};

/// How one attempt at a write ended: what a lane, or the leader at the other end of a link, answers.
struct write_answer {
    write_verdict verdict = write_verdict::in_doubt;
    penholder::receipt receipt;       ///< Only when decided.
    errc why = errc::internal;        ///< Unless decided.
    std::string message;              ///< Unless decided: a sentence for people.
    std::optional<leader_hint> hint;  ///< With not_leader, where one is known.
    std::string sqlstate = {};        ///< Unless decided: of what PostgreSQL raised last, where it raised something.

    friend bool operator==(const write_answer&, const write_answer&) = default;
};

inline write_answer decided(receipt final_receipt) {
    return {write_verdict::decided, std::move(final_receipt), errc::internal, {}, {}};
}

inline write_answer handed_back(errc why, std::string message, std::optional<leader_hint> hint = {}) {
    return {write_verdict::handed_back, {}, why, std::move(message), std::move(hint)};
}

/// Any verdict but decided.
inline write_answer undecided(write_verdict verdict, error why) {
    return {verdict, {}, why.code, std::move(why.message), {}, std::move(why.sqlstate)};
}

}  // namespace penholder
