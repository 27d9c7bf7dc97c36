#include "outside_build.hpp"
#include "support/patience.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "support/zookeeper_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

using namespace penholder::testing;

namespace {

process run_job(const std::string& name, const zookeeper_server& ensemble, const temporary_directory& logs) {
    process_options options;
    options.command = {outside_build::shared().example("nightly-job"), name, ensemble.connect_string()};
    options.log_file = logs / name;
    return process(std::move(options));
}

void wait_until_said(const process& job, const std::string& text) {
    wait_until(
        "a job says '" + text + "'", [&] { return job.log().find(text) != std::string::npos; }, limit::leadership);
}

}  // namespace

TEST_CASE("nightly-job, built outside: one of two instances works, and SIGTERM hands over to the other") {
    const zookeeper_server ensemble;
    const temporary_directory logs;
    auto one = run_job("job-1", ensemble, logs);
    wait_until_said(one, "working in term 1");
    auto other = run_job("job-2", ensemble, logs);
    wait_until_said(other, "follower, term 1, led by job-1");
    CHECK(other.log().find("working") == std::string::npos);

    one.send(SIGTERM);
    CHECK(one.wait() == 0);
    wait_until_said(other, "working in term 2");
    CHECK(one.log().find("working in term 2") == std::string::npos);

    other.send(SIGTERM);
    CHECK(other.wait() == 0);
}

TEST_CASE("the programs that were installed run from where they are") {
    for (const auto* program : {"penholderd", "penholder"}) {
        process_options options;
        options.command = {outside_build::shared().installed(program), "--version"};
        CHECK_FALSE(run(options).empty());
    }
}
