#include "daemon/process/hardening.hpp"

#include "base/log_event.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace penholder::daemon {

void harden_process() {
    constexpr mode_t nobody_else = 077;
    ::umask(nobody_else);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void warn_of_root() {
    if (::geteuid() != 0) return;
    log_warn("runs_as_root")
        .with("reason", "penholderd needs no right of root's; run it as a user of its own, as penholderd.service does");
}

}  // namespace penholder::daemon
