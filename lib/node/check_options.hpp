#pragma once

#include <penholder/error.hpp>
#include <penholder/options.hpp>

namespace penholder {

/// Whether a node can run with these options; else invalid_configuration, naming the option and what it may be.
result<> check(const options& settings);

/// A fingerprint of the settings that all nodes of a group should share, published in the member record.
std::string shared_settings(const group_options& group, const zookeeper_options& ensemble);

}  // namespace penholder
