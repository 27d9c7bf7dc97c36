#pragma once

#include <penholder/options.hpp>

#include <string>

namespace penholder {

/// The settings that all nodes of a group should share, published in the member record: `key=value` with a space
/// between them, none of them a secret.
std::string shared_settings(const group_options& group, const zookeeper_options& ensemble);

}  // namespace penholder
