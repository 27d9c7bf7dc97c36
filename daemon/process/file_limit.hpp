#pragma once

namespace penholder::daemon {

/// Lets this process open as many files as the system permits it; usual is a soft limit of 1024, less than the links
/// and connections that the configuration's defaults allow. Says so where it stays below `wanted`.
void raise_file_limit(unsigned long long wanted);

}  // namespace penholder::daemon
