#pragma once

#include "model/address.hpp"

namespace penholder::config {

using penholder::address;
using penholder::parse_endpoint;
using penholder::parse_listen;

}  // namespace penholder::config
