#include "daemon/process/file_limit.hpp"

#include "base/log_event.hpp"

#include <sys/resource.h>

namespace penholder::daemon {

void raise_file_limit(unsigned long long wanted) {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
    log_warn("few_files")
        .with("limit", files.rlim_cur)
        .with("wanted", wanted)
        .with("reason",
              "links and HTTP connections beyond the limit will wait; raise LimitNOFILE or lower link.max_links and "
              "http.max_connections");
}

}  // namespace penholder::daemon
