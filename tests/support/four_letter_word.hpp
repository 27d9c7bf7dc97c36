#pragma once

#include <cstdint>
#include <string>

namespace penholder::testing {

/// What the ZooKeeper server on this loopback port answers to a four-letter word; empty when it does not within a
/// second.
std::string four_letter_word(std::uint16_t port, const std::string& word);

}  // namespace penholder::testing
