// Faults that need a process to die or to stop: real sidecars, killed and frozen under load.
#include "sidecars.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
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
        stopping_ = true;
        for (auto& one : threads_) one.join();
        threads_.clear();
    }
    std::size_t committed() const { return committed_; }

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
                    if (!settled) std::this_thread::sleep_for(20ms);
                } catch (const std::exception&) {  // This sidecar is dead or frozen: the same key through another.
                    at = (at + 1) % through_.all.size();
                    connection = std::make_unique<http_client>(through_.all[at]->http_port());
                    std::this_thread::sleep_for(20ms);
                    if (stopping_) return;
                }
            }
            ++committed_;
            const std::lock_guard lock(mutex_);
            marks_.push_back(mark);
        }
    }

    sidecars& through_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> committed_ = 0;
    std::mutex mutex_;
    std::vector<std::string> marks_;
    std::vector<std::thread> threads_;
};

void wait_for_more(const clients& them, std::size_t more = 50) {
    const auto before = them.committed();
    wait_until(
        "writes go on", [&] { return them.committed() > before + more; }, 30s);
}

}  // namespace

TEST_CASE("a leader that is killed loses nothing, and a follower takes over") {
    sidecars three("killed");
    auto leader = three.wait_for_leader();
    clients them(three, 6);
    for (int round = 0; round < 3; ++round) {
        wait_for_more(them);
        three.all[leader]->kill();
        const auto next = three.wait_for_leader();
        CHECK(next != leader);
        wait_for_more(them);
        three.all[leader]->start();
        leader = next;
    }
    them.stop();
    CHECK(them.audit() == "");
}

TEST_CASE("a leader that sleeps past its session wakes up deposed, and what it had begun is not committed") {
    sidecars three("frozen");
    const auto leader = three.wait_for_leader();
    clients them(three, 3);
    wait_for_more(them);
    three.all[leader]->running().send(SIGSTOP);
    std::size_t next = leader;
    wait_until(
        "another one leads",
        [&] {
            for (std::size_t i = 0; i < 3; ++i) {
                if (i != leader && three.all[i]->role() == "serving") next = i;
            }
            return next != leader;
        },
        20s);
    three.all[leader]->running().send(SIGCONT);
    wait_until(
        "the old leader follows", [&] { return three.all[leader]->role() == "follower"; }, 20s);
    wait_for_more(them);
    them.stop();
    CHECK(them.audit() == "");
    CHECK(three.all[next]->role() == "serving");
}

TEST_CASE("a follower that is killed takes nobody's writes with it") {
    sidecars three("follower_killed");
    const auto leader = three.wait_for_leader();
    clients them(three, 6);
    wait_for_more(them);
    three.all[(leader + 1) % 3]->kill();
    wait_for_more(them);
    CHECK(three.all[leader]->role() == "serving");
    three.all[(leader + 1) % 3]->start();
    wait_for_more(them);
    them.stop();
    CHECK(them.audit() == "");
}

TEST_CASE("a leader that is told to end hands over first") {
    sidecars three("terminated");
    const auto leader = three.wait_for_leader();
    clients them(three, 6);
    wait_for_more(them);
    three.all[leader]->running().send(SIGTERM);
    CHECK(three.all[leader]->running().wait(15s) == 0);
    CHECK(three.wait_for_leader(5s) != leader);
    wait_for_more(them);
    them.stop();
    CHECK(them.audit() == "");
}

TEST_CASE("all of them killed at once come back to what was committed") {
    sidecars three("all_killed");
    three.wait_for_leader();
    clients them(three, 6);
    wait_for_more(them);
    for (auto& one : three.all) one->kill();
    for (auto& one : three.all) one->start();
    three.wait_for_leader(30s);
    wait_for_more(them);
    them.stop();
    CHECK(them.audit() == "");
}

}  // namespace penholder::testing
