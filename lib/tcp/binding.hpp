#pragma once

#include <string>

namespace penholder::tcp {

/// What only one living process can have at a time: the address `bound`, with its port, in this network namespace of
/// this boot. A process that has it now has proven that the one which had it before is gone, or listens no more. Empty
/// where the kernel does not tell.
std::string binding_of(const std::string& bound);

}  // namespace penholder::tcp
