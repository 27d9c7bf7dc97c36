// Part of every test executable: a test case that hangs ends the run and is named, so that nobody has to guess which it
// was.
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace {

// The long forms of tests, tests/run --long, may take their time.
unsigned patience_s() {
    return std::getenv("PENHOLDER_LONG_TESTS") == nullptr ? 480 : 1200;
}

std::array<char, 512> running;

// Only what a signal handler may do.
void bark(int) {
    const std::array<const char*, 3> words{"\nhangs, and is ended: ", running.data(), "\n"};
    for (const char* each : words) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, each, std::strlen(each));
    }
    std::abort();
}

class watchdog : public Catch::EventListenerBase {
public:
    using EventListenerBase::EventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& what) override {
        running.fill('\0');
        what.name.copy(running.data(), running.size() - 1);
        std::signal(SIGALRM, bark);
        ::alarm(patience_s());
    }

    void testCaseEnded(const Catch::TestCaseStats&) override { ::alarm(0); }
};

}  // namespace

CATCH_REGISTER_LISTENER(watchdog)
