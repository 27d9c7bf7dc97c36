#include "crowd/stage.hpp"

#include "support/patience.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <thread>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::size_t alone = 3;       ///< Processes with one node each.
constexpr std::size_t together = 125;  ///< Nodes in each of the others, at most.
constexpr auto quiet = 5s;             ///< What an event causes has happened by then.

double ms_of(std::int64_t ns) {
    return static_cast<double>(ns) / 1e6;
}

/// What a worker says about its nodes.
struct knowledge {
    std::size_t nodes = 0;
    std::int64_t leader = -1;
    std::uint64_t term = 0;
};

knowledge known_by(worker& one, std::uint64_t after) {
    knowledge said;
    std::istringstream(one.ask("knows " + std::to_string(after))) >> said.nodes >> said.leader >> said.term;
    return said;
}

}  // namespace

scale_stage::scale_stage(testing::zookeeper_ensemble& ensemble, const std::string& database, scale_shape shape)
    : ensemble_(ensemble), crew_({0, ensemble.connect_string(), database, shape.session_ms, 0}) {
    found_.shape = shape;
}

scale_result scale_stage::measure() {
    start_all();
    count_idle();
    weigh();
    join_and_leave();
    kill_leaders();
    if (found_.shape.roll) roll();
    return std::move(found_);
}

void scale_stage::start_all() {
    const auto nodes = found_.shape.nodes;
    for (std::size_t i = 0; i < alone; ++i) all_.push_back(crew_.hire(1));
    for (std::size_t left = nodes - alone; left > 0; left -= std::min(left, together)) all_.push_back(crew_.hire(0));
    empty_kib_ = static_cast<double>(all_.front()->resident_bytes()) / 1024;
    for (std::size_t i = 0; i < nodes; ++i) {
        auto& its = i < alone ? all_[i] : all_[alone + (i - alone) / together];
        its->numbers.push_back(i);
    }
    const auto before = requests();
    const auto since = now_ns();
    const auto start = [](worker& one) {
        for (const auto number : one.numbers) one.tell("start " + std::to_string(number));
    };
    for (auto& one : all_) start(*one);
    for (auto& one : all_) {
        for (std::size_t i = 0; i < one->numbers.size(); ++i) one->answer();
    }
    settle();
    found_.start_s = ms_of(now_ns() - since) / 1000;
    found_.requests_to_start = static_cast<double>(requests() - before);
    const bool crowded = nodes > alone;
    const auto first = crowded ? alone : 0;
    for (std::size_t i = 0; i < std::min(found_.shape.writers, nodes - first); ++i) {
        auto& its = *all_[first + i % (all_.size() - first)];
        open_client(its, its.numbers[i / (all_.size() - first)]);
    }
}

void scale_stage::open_client(worker& of, std::uint64_t number) {
    of.ask("write " + std::to_string(number));
}

void scale_stage::count_idle() {
    std::this_thread::sleep_for(quiet);
    const auto before = requests();
    const auto since = now_ns();
    std::this_thread::sleep_for(2 * quiet);
    found_.idle_requests_per_s = static_cast<double>(requests() - before) / (ms_of(now_ns() - since) / 1000);
}

void scale_stage::weigh() {
    found_.kib_alone = static_cast<double>(all_.front()->resident_bytes()) / 1024;
    double kib = 0;
    std::size_t nodes = 0;
    for (std::size_t i = alone; i < all_.size(); ++i) {
        kib += static_cast<double>(all_[i]->resident_bytes()) / 1024 - empty_kib_;
        nodes += all_[i]->numbers.size();
    }
    found_.kib_per_node = nodes == 0 ? found_.kib_alone - empty_kib_ : kib / static_cast<double>(nodes);
}

void scale_stage::join_and_leave() {
    const auto joins = found_.shape.joins;
    auto guests = crew_.hire(0);
    auto before = requests();
    auto since = now_ns();
    for (std::size_t i = 0; i < joins; ++i) guests->ask("start " + std::to_string(found_.shape.nodes + i));
    testing::wait_until(
        "the guests know who leads", [&] { return known_by(*guests, 0).nodes == joins; }, found_.shape.patience);
    std::this_thread::sleep_for(quiet);
    found_.requests_per_join = above_idle(before, since) / static_cast<double>(joins);
    before = requests();
    since = now_ns();
    for (std::size_t i = 0; i < joins; ++i) guests->ask("stop " + std::to_string(found_.shape.nodes + i));
    std::this_thread::sleep_for(quiet);
    found_.requests_per_leave = above_idle(before, since) / static_cast<double>(joins);
}

void scale_stage::kill_leaders() {
    double caused = 0;
    for (std::size_t i = 0; i < found_.shape.kills; ++i) {
        lead_alone();
        const auto before = requests();
        const auto since = now_ns();
        kill_once();
        std::this_thread::sleep_for(quiet);
        caused += above_idle(before, since);
        for (auto& one : all_) {
            if (one) continue;
            one = crew_.hire(1);
            const auto place = static_cast<std::uint64_t>(&one - all_.data());
            one->numbers = {place};
            one->ask("start " + std::to_string(place));
            if (found_.shape.nodes == alone) open_client(*one, place);
        }
        settle();
        std::this_thread::sleep_for(quiet);
    }
    found_.requests_per_change = found_.shape.kills == 0 ? 0 : caused / static_cast<double>(found_.shape.kills);
}

void scale_stage::kill_once() {
    const auto its = std::ranges::find_if(all_, [this](auto& one) { return one.get() == &leading(); });
    const auto killed = now_ns();
    (*its)->kill();
    its->reset();
    const auto after = term_;
    settle(after);
    std::vector<double> pauses;
    testing::wait_until(
        "every client has written under the next term",
        [&] {
            pauses = collect("commits " + std::to_string(after), killed);
            return pauses.size() >= clients();
        },
        found_.shape.patience);
    const auto followed = collect("heard " + std::to_string(after), killed);
    found_.pauses_ms.insert(found_.pauses_ms.end(), pauses.begin(), pauses.end());
    found_.followed_ms.insert(found_.followed_ms.end(), followed.begin(), followed.end());
    std::fprintf(stderr, "%zu nodes, term %llu: clients waited %.0f to %.0f ms\n", found_.shape.nodes,
                 static_cast<unsigned long long>(term_), std::ranges::min(pauses), std::ranges::max(pauses));
}

/// Every node leaves and comes again: in each process one after the other, then the first in succession.
void scale_stage::roll() {
    const auto before = requests();
    const auto since = now_ns();
    for (std::size_t i = alone; i < all_.size(); ++i) all_[i]->tell("roll");
    for (std::size_t i = alone; i < all_.size(); ++i) all_[i]->answer();
    for (std::size_t i = 0; i < alone; ++i) {
        all_[i]->ask("stop " + std::to_string(i));
        all_[i]->ask("start " + std::to_string(i));
        if (found_.shape.nodes == alone) open_client(*all_[i], i);
        settle();
    }
    found_.roll_s = ms_of(now_ns() - since) / 1000;
    found_.requests_to_roll = above_idle(before, since);
    for (auto& one : all_) {
        const auto gap = ms_of(std::stoll(one->ask("gap " + std::to_string(since))));
        found_.longest_pause_of_roll_ms = std::max(found_.longest_pause_of_roll_ms, gap);
    }
}

void scale_stage::settle(std::uint64_t after) {
    testing::wait_until(
        "all nodes are linked to one serving leader",
        [&] {
            knowledge all;
            worker* leader = nullptr;
            for (auto& one : all_) {
                if (!one) continue;
                const auto said = known_by(*one, after);
                all.nodes += said.nodes;
                all.term = std::max(all.term, said.term);
                if (said.leader >= 0) leader = one.get();
            }
            term_ = all.term;
            return all.nodes == count() && leader != nullptr && std::stoul(leader->ask("links 0")) + 1 >= count();
        },
        found_.shape.patience);
}

/// One of many in a process may have been quicker than the first in succession, at the start or at a takeover.
void scale_stage::lead_alone() {
    auto& now = leading();
    if (now.numbers.size() == 1 && now.numbers.front() < alone) return;
    now.ask("hand-over 0");
    settle(term_);
}

worker& scale_stage::leading() {
    const auto found = std::ranges::find_if(all_, [](auto& one) { return known_by(*one, 0).leader >= 0; });
    return **found;
}

std::size_t scale_stage::count() const {
    std::size_t nodes = 0;
    for (const auto& one : all_) nodes += one ? one->numbers.size() : 0;
    return nodes;
}

/// Those whose node lives: in the smallest group the leader's died with it.
std::size_t scale_stage::clients() const {
    const auto nodes = found_.shape.nodes;
    return nodes == alone ? std::min(found_.shape.writers, count()) : std::min(found_.shape.writers, nodes - alone);
}

std::vector<double> scale_stage::collect(const std::string& command, std::int64_t since) {
    std::vector<double> all;
    for (auto& one : all_) {
        if (!one) continue;
        std::istringstream moments(one->ask(command));
        for (std::int64_t at = 0; moments >> at;) all.push_back(ms_of(at - since));
    }
    return all;
}

std::uint64_t scale_stage::requests() const {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < ensemble_.size(); ++i) {
        const auto said = ensemble_[i].ask("srvr");
        const auto at = said.find("Received: ");
        if (at != std::string::npos) all += std::stoull(said.substr(at + 10));
    }
    return all;
}

double scale_stage::above_idle(std::uint64_t since, std::int64_t since_ns) const {
    const auto expected = found_.idle_requests_per_s * ms_of(now_ns() - since_ns) / 1000;
    return static_cast<double>(requests() - since) - expected;
}

}  // namespace penholder::bench
