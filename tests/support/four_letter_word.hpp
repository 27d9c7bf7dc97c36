#pragma once

#include "certificates.hpp"

#include <cstdint>
#include <string>

namespace penholder::testing {

/// What the ZooKeeper server on this loopback port answers to a four-letter word; empty when it does not within a
/// second.
std::string four_letter_word(std::uint16_t port, const std::string& word);

/// The same over TLS, as whoever `as` names; nobody asks whether the server is the right one.
std::string four_letter_word_by_tls(std::uint16_t port, const std::string& word, const issued& as);

}  // namespace penholder::testing
