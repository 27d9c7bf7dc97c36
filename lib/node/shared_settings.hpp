#pragma once

#include <penholder/options.hpp>

#include <string>

namespace penholder {

/// A fingerprint of the settings that all nodes of a group should share, published in the member record.
std::string shared_settings(const group_options& group, const zookeeper_options& ensemble);

}  // namespace penholder
