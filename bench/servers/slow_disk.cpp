// Preloaded into PostgreSQL: a disk whose flush takes longer. Every fdatasync, which is how the write-ahead log is made
// durable, first sleeps for the microseconds that PENHOLDER_BENCH_FLUSH_DELAY_US says. All else is as it was.
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

long delay_us() {
    const char* text = std::getenv("PENHOLDER_BENCH_FLUSH_DELAY_US");
    return text != nullptr ? std::strtol(text, nullptr, 10) : 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int fdatasync(int file) {
    static const long delay = delay_us();
    timespec left{delay / 1'000'000, (delay % 1'000'000) * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
    return static_cast<int>(syscall(SYS_fdatasync, file));
}
