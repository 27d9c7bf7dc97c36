#pragma once

namespace penholder::daemon {

/// What keeps the daemon's secrets in the daemon: no core file and no debugger of another process sees its memory, and
/// the files that it makes are its own alone.
void harden_process();

/// Says in the log where it runs with more rights than it needs.
void warn_of_root();

}  // namespace penholder::daemon
