#include "paced_load.hpp"

#include "support/patience.hpp"

#include <algorithm>
#include <thread>

namespace penholder::testing {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

paced_load::~paced_load() {
    wait_for_answers(limit::crowd);  // They refer to this object.
}

void paced_load::run(std::size_t writes_per_second, std::chrono::milliseconds how_long,
                     const std::function<void()>& meanwhile) {
    const auto began = clock::now();
    auto next_look = began;
    for (std::size_t number = 0;; ++number) {
        const auto due = began + number * std::chrono::duration_cast<clock::duration>(1s) / writes_per_second;
        if (due >= began + how_long) return;
        std::this_thread::sleep_until(due);
        send();
        if (meanwhile && clock::now() >= next_look) {
            meanwhile();
            next_look = clock::now() + 200ms;
        }
    }
}

void paced_load::send() {
    std::string mark;
    std::size_t committed = 0;
    {
        const std::lock_guard lock(mutex_);
        mark = "m" + std::to_string(sent_++);
        committed = committed_;
    }
    auto& to = *through_[sent_ % through_.size()];
    write what;
    statements(what, mark);
    what.deadline(deadline_);
    to.get().submit("orders", std::move(what), [this, mark, committed, began = clock::now()](const receipt& got) {
        const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
        const std::lock_guard lock(mutex_);
        answers_.push_back({mark, after, committed, committed_ - committed, got.outcome,
                            got.why ? got.why->code : errc{}, got.why ? got.why->message : std::string()});
        if (got.outcome == outcome::committed) ++committed_;
    });
}

bool paced_load::wait_for_answers(std::chrono::milliseconds most) {
    return eventually(
        [this] {
            const std::lock_guard lock(mutex_);
            return answers_.size() == sent_;
        },
        most);
}

std::size_t paced_load::sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
}

std::vector<paced_load::answered> paced_load::answers() const {
    const std::lock_guard lock(mutex_);
    return answers_;
}

namespace {

/// What `of_answer` is at most for this share of the answers with that outcome; zero where there are none.
template <class Measure>
auto quantile(const std::vector<paced_load::answered>& of, outcome which, double share, Measure of_answer) {
    std::vector<decltype(of_answer(of.front()))> all;
    for (const auto& one : of) {
        if (one.outcome == which) all.push_back(of_answer(one));
    }
    if (all.empty()) all.emplace_back();
    std::ranges::sort(all);
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
}

}  // namespace

std::chrono::milliseconds latency(const std::vector<paced_load::answered>& of, outcome which, double share) {
    return quantile(of, which, share, [](const paced_load::answered& one) { return one.after; });
}

std::size_t commits_meanwhile(const std::vector<paced_load::answered>& of, outcome which, double share) {
    return quantile(of, which, share, [](const paced_load::answered& one) { return one.commits_meanwhile; });
}

std::size_t count(const std::vector<paced_load::answered>& in, outcome which) {
    return static_cast<std::size_t>(std::ranges::count(in, which, &paced_load::answered::outcome));
}

}  // namespace penholder::testing
