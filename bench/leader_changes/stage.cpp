#include "leader_changes/stage.hpp"

#include "support/patience.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

double in_ms(clock::duration length) {
    return std::chrono::duration<double, std::milli>(length).count();
}

/// A client of one sidecar that writes the hot row again and again over one kept-alive connection, and remembers when
/// each commit was answered and under which term.
class client {
public:
    explicit client(std::uint16_t port) : http_(port), thread_([this] { work(); }) {}
    ~client() {
        stop_ = true;
        thread_.join();
    }

    bool committed_after(std::uint64_t term) {
        const std::lock_guard lock(mutex_);
        return !commits_.empty() && commits_.back().term > term;
    }
    bool writes() {
        const std::lock_guard lock(mutex_);
        return commits_.size() > 20;
    }

    /// From `since` to the first commit of a later term than `term`.
    double until_next_term(std::uint64_t term, clock::time_point since) {
        const std::lock_guard lock(mutex_);
        return in_ms(first_after(term)->at - since);
    }

    /// From the last commit of `term` to the first of a later one.
    double between_terms(std::uint64_t term) {
        const std::lock_guard lock(mutex_);
        const auto next = first_after(term);
        return next == commits_.begin() ? 0 : in_ms(next->at - std::prev(next)->at);
    }

    /// The longest time without a commit that ended after `since`.
    double longest_gap(clock::time_point since) {
        const std::lock_guard lock(mutex_);
        clock::duration longest{};
        for (std::size_t i = 1; i < commits_.size(); ++i) {
            if (commits_[i].at > since) longest = std::max(longest, commits_[i].at - commits_[i - 1].at);
        }
        return in_ms(longest);
    }

private:
    struct commit {
        clock::time_point at;
        std::uint64_t term = 0;
    };

    std::vector<commit>::iterator first_after(std::uint64_t term) {
        return std::ranges::find_if(commits_, [&](const commit& each) { return each.term > term; });
    }

    void work() {
        const std::string body =
            R"({"statements":[{"sql":"UPDATE hot SET n = n + 1 WHERE id = 1"}],"deadline_ms":60000})";
        while (!stop_) {
            try {
                const auto answer = http_.post("/v1/groups/orders/writes", body);
                if (answer.status == 200) note(answer.body.at("term").to_number<std::uint64_t>());
            } catch (const std::exception&) {
                std::this_thread::sleep_for(1ms);
            }
        }
    }

    void note(std::uint64_t term) {
        const std::lock_guard lock(mutex_);
        commits_.push_back({clock::now(), term});
    }

    testing::http_client http_;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    std::vector<commit> commits_;
    std::thread thread_;
};

bool is_linked(testing::sidecar& one) {
    const auto status = one.status();
    const auto* fields = status.if_object();
    if (fields == nullptr || !fields->contains("members")) return false;
    return fields->at("link_connected").as_bool() && fields->at("eligible").as_bool() &&
           fields->at("members").as_array().size() == 3;
}

}  // namespace

failover_stage::failover_stage(testing::zookeeper_ensemble& ensemble, testing::postgres_server& postgres,
                               int session_ms)
    : ensemble_(ensemble), session_ms_(session_ms) {
    for (int i = 1; i <= 3; ++i) {
        sidecars_.push_back(std::make_unique<testing::sidecar>(
            testing::sidecar::plan{"orders-" + std::to_string(i), ensemble.connect_string(), "/failover",
                                   postgres.conninfo("failover"), session_ms, "takeover_max_evictions = 1000000\n"}));
    }
}

std::size_t failover_stage::settled_leader() {
    std::size_t leader = 0;
    testing::wait_until(
        "one leads and the others are linked to it",
        [&] {
            const auto leads = [](const auto& one) { return one->role() == "serving"; };
            const auto found = std::ranges::find_if(sidecars_, leads);
            leader = static_cast<std::size_t>(found - sidecars_.begin());
            return found != sidecars_.end() &&
                   std::ranges::all_of(sidecars_, [](auto& one) { return is_linked(*one); });
        },
        std::chrono::milliseconds(session_ms_) + 60s);
    return leader;
}

std::uint64_t failover_stage::term_at(std::size_t index) {
    return sidecars_[index]->status().at("term").to_number<std::uint64_t>();
}

void failover_stage::let_go(std::size_t leader, departure how) {
    auto& one = *sidecars_[leader];
    switch (how) {
        case departure::sigkill: return one.running().send(SIGKILL);
        case departure::sigterm: return one.running().send(SIGTERM);
        case departure::sigstop: return one.running().send(SIGSTOP);
        case departure::handover:
            testing::http_client(one.http_port()).post("/v1/groups/orders/handover", "{}");
            return;
        case departure::quorum: break;
    }
    ensemble_[0].kill();
    ensemble_[1].kill();
}

void failover_stage::bring_back(std::size_t leader, departure how) {
    auto& one = *sidecars_[leader];
    if (how == departure::sigkill || how == departure::sigterm) {
        one.running().wait(30s);
        one.start();
    } else if (how == departure::sigstop) {
        one.running().send(SIGCONT);
    } else if (how == departure::quorum) {
        ensemble_[0].start();
        ensemble_[1].start();
        ensemble_.wait_for_quorum(3);
    }
}

std::string failover_stage::find_timeline(std::uint64_t after) {
    for (const auto& one : sidecars_) {
        const auto log = one->log();
        const auto line = log.rfind("leader_change group=");
        if (line == std::string::npos) continue;
        const auto term = log.find("term=", line);
        if (std::stoull(log.substr(term + 5)) > after) return log.substr(term, log.find('\n', line) - term);
    }
    return {};
}

double failover_stage::pause(departure how) {
    const auto leader = settled_leader();
    const auto term = term_at(leader);
    std::vector<std::unique_ptr<client>> clients;
    for (std::size_t i = 0; i < sidecars_.size(); ++i) {
        if (i != leader) clients.push_back(std::make_unique<client>(sidecars_[i]->http_port()));
    }
    const auto every = [&](auto holds) { return std::ranges::all_of(clients, holds); };
    testing::wait_until(
        "both clients write", [&] { return every([](auto& one) { return one->writes(); }); }, 30s);
    std::this_thread::sleep_for(std::chrono::milliseconds(100 + std::rand() % 100));

    const auto since = clock::now();
    let_go(leader, how);
    if (how == departure::quorum) {
        std::this_thread::sleep_for(std::chrono::milliseconds(session_ms_) + 1s);
    } else {
        testing::wait_until(
            "both clients write under the next term",
            [&] { return every([&](auto& one) { return one->committed_after(term); }); },
            std::chrono::milliseconds(session_ms_) + 60s);
    }
    double longest = 0;
    for (const auto& one : clients) {
        const bool sudden = how == departure::sigkill || how == departure::sigstop;
        const auto pause = how == departure::quorum ? one->longest_gap(since)
                           : sudden                 ? one->until_next_term(term, since)
                                                    : one->between_terms(term);
        longest = std::max(longest, pause);
    }
    clients.clear();
    timeline_ = find_timeline(term);
    bring_back(leader, how);
    return longest;
}

}  // namespace penholder::bench
