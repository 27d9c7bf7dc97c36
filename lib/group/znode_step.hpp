#pragma once

#include <cstdint>
#include <string>

namespace penholder::group {

/// One step of a transaction on the ensemble's znodes.
struct znode_step {
    enum class kind : std::uint8_t { create, set, remove, check };
    enum class mode : std::uint8_t { ephemeral, ephemeral_sequential };

    kind what = kind::check;
    std::string path;
    std::string data;           ///< Of a create and a set.
    std::int32_t version = -1;  ///< Of everything but a create; -1 for any.
    mode how = mode::ephemeral;

    friend bool operator==(const znode_step&, const znode_step&) = default;
};

}  // namespace penholder::group
