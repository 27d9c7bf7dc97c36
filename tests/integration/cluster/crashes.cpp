// Faults that need a process to die or to stop: real sidecars, killed and frozen under load.
#include "sidecars.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

/// Clients over HTTP that ask again, with the same key, for whatever was not answered for good.
class clients {
public:
    clients(sidecars& through, std::size_t count) : through_(through) {
        for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this, i] { work(i); });
    }
    ~clients() { stop(); }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        stopped_.notify_all();
        for (auto& one : threads_) one.join();
        threads_.clear();
    }

    void wait_for_more(std::size_t more = 50) const {
        wait_until(
            "writes go on", [this, enough = committed_ + more] { return committed_ > enough; }, limit::writes);
    }

    /// Every mark whose write was answered `committed` is there once; no other mark is there twice.
    std::string audit() {
        std::map<std::string, int> found;
        for (const auto& row : shared_postgres().exec("SELECT mark FROM marks", through_.database)) {
            ++found[row[0].as<std::string>()];
        }
        std::string wrong;
        for (const auto& [mark, times] : found) {
            if (times != 1) wrong += mark + " is there " + std::to_string(times) + " times\n";
        }
        for (const auto& mark : marks_) {
            if (!found.contains(mark)) wrong += mark + " was committed and is not there\n";
        }
        return wrong;
    }

private:
    void work(std::size_t client) {
        std::size_t at = client % through_.all.size();
        auto connection = std::make_unique<http_client>(through_.all[at]->http_port());
        for (std::size_t number = 0; !stopping_; ++number) {
            const auto mark = "c" + std::to_string(client) + "-" + std::to_string(number);
            const auto body = R"-({"statements":[{"sql":"INSERT INTO marks VALUES ($1)","params":[")-" + mark +
                              R"-("]}],"deadline_ms":3000})-";
            for (bool settled = false; !settled;) {
                try {
                    const auto answer = connection->post("/v1/groups/orders/writes", body, mark);
                    settled = answer.status == 200;
                    if (!settled) pause();
                } catch (const std::exception&) {  // This sidecar is dead or frozen: the same key through another.
                    at = (at + 1) % through_.all.size();
                    connection = std::make_unique<http_client>(through_.all[at]->http_port());
                    pause();
                    if (stopping_) return;
                }
            }
            ++committed_;
            const std::lock_guard lock(mutex_);
            marks_.push_back(mark);
        }
    }

    /// Before another try; the end of the test ends it.
    void pause() {
        std::unique_lock lock(mutex_);
        stopped_.wait_for(lock, 20ms, [this] { return stopping_.load(); });
    }

    sidecars& through_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> committed_ = 0;
    std::mutex mutex_;
    std::condition_variable stopped_;
    std::vector<std::string> marks_;
    std::vector<std::thread> threads_;
};

/// Three sidecars, and clients at work through all of them.
struct busy_sidecars {
    explicit busy_sidecars(const std::string& name, std::size_t count = 6)
        : three(name), leader(three.wait_for_leader()), them(three, count) {
        them.wait_for_more();
    }

    sidecar& at(std::size_t index) { return *three.all[index % 3]; }

    void check_audit() {
        them.stop();
        CHECK(them.audit() == "");
    }

    sidecars three;
    std::size_t leader;
    clients them;
};

}  // namespace

TEST_CASE("a leader that is killed loses nothing, and a follower takes over") {
    busy_sidecars on("killed");
    for (int round = 0; round < 3; ++round) {
        on.them.wait_for_more();
        on.at(on.leader).kill();
        const auto next = on.three.wait_for_leader();
        CHECK(next != on.leader);
        on.them.wait_for_more();
        on.at(on.leader).start();
        on.leader = next;
    }
    on.check_audit();
}

TEST_CASE("a leader that sleeps past its session wakes up deposed, and what it had begun is not committed") {
    busy_sidecars on("frozen", 3);
    on.at(on.leader).running().send(SIGSTOP);
    std::size_t next = on.leader;
    wait_until(
        "another one leads",
        [&] {
            for (std::size_t i = 0; i < 3; ++i) {
                if (i != on.leader && on.at(i).role() == "serving") next = i;
            }
            return next != on.leader;
        },
        limit::leadership);
    on.at(on.leader).running().send(SIGCONT);
    wait_until(
        "the old leader follows", [&] { return on.at(on.leader).role() == "follower"; }, limit::leadership);
    on.them.wait_for_more();
    on.check_audit();
    CHECK(on.at(next).role() == "serving");
}

TEST_CASE("a follower that is killed takes nobody's writes with it") {
    busy_sidecars on("follower_killed");
    on.at(on.leader + 1).kill();
    on.them.wait_for_more();
    CHECK(on.at(on.leader).role() == "serving");
    on.at(on.leader + 1).start();
    on.them.wait_for_more();
    on.check_audit();
}

TEST_CASE("a leader that is told to end hands over first") {
    busy_sidecars on("terminated");
    on.at(on.leader).running().send(SIGTERM);
    CHECK(on.at(on.leader).running().wait(limit::leadership) == 0);
    CHECK(on.three.wait_for_leader() != on.leader);
    on.them.wait_for_more();
    on.check_audit();
}

TEST_CASE("all of them killed at once come back to what was committed") {
    busy_sidecars on("all_killed");
    for (auto& one : on.three.all) one->kill();
    for (auto& one : on.three.all) one->start();
    on.three.wait_for_leader(limit::recovery);
    on.them.wait_for_more();
    on.check_audit();
}

}  // namespace penholder::testing
