#include "crowd/worker.hpp"

#include <penholder/log.hpp>
#include <penholder/node.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_future;

/// Between two writes of a client.
constexpr auto rest = 20ms;

/// One node, what it was told of leaders, and what became of its client's writes.
class hosted_node {
public:
    hosted_node(boost::asio::io_context& io, options settings) : node_(io.get_executor(), std::move(settings)) {
        node_.on_leadership([this](const leadership& now) { note(now); });
        node_.start(use_future).get();
    }

    void stop() {
        stopping_ = true;
        node_.stop(use_future).get();
    }

    void hand_over(std::uint64_t heir) { node_.handover("crowd", "n" + std::to_string(heir), 60s, use_future).get(); }

    /// Runs on the nodes' thread, until the node stops.
    awaitable<void> write_on() {
        boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
        writes_ = true;
        while (!stopping_) {
            write one;
            one.add("UPDATE hot SET n = n + 1 WHERE id = 1");
            one.deadline(60s);
            const auto answer = co_await node_.submit("crowd", std::move(one));
            if (answer.outcome == outcome::committed) note_commit(answer.term);
            pause.expires_after(rest);
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
    }

    /// 0 while nobody is known to serve.
    std::uint64_t serving_term() {
        const std::lock_guard lock(mutex_);
        return now_.leader_serving ? now_.term : 0;
    }
    bool leads() {
        const std::lock_guard lock(mutex_);
        return now_.role == role::serving;
    }
    bool is_idle() const noexcept { return !writes_; }
    std::optional<std::int64_t> heard(std::uint64_t after) { return first(heard_, after); }
    std::optional<std::int64_t> committed(std::uint64_t after) { return first(committed_, after); }

    std::int64_t longest_gap(std::int64_t since) {
        const std::lock_guard lock(mutex_);
        std::int64_t longest = 0;
        auto before = since;
        for (const auto at : commits_) {
            if (at < since) continue;
            longest = std::max(longest, at - before);
            before = at;
        }
        return longest;
    }

    std::size_t links() { return node_.status(use_future).get().groups.front().links; }

private:
    using moments = std::map<std::uint64_t, std::int64_t>;  ///< By term.

    void note(const leadership& now) {
        const std::lock_guard lock(mutex_);
        now_ = now;
        if (now.leader_serving) heard_.try_emplace(now.term, now_ns());
    }
    void note_commit(std::uint64_t term) {
        const std::lock_guard lock(mutex_);
        commits_.push_back(now_ns());
        committed_.try_emplace(term, commits_.back());
    }
    std::optional<std::int64_t> first(const moments& of, std::uint64_t after) {
        const std::lock_guard lock(mutex_);
        const auto found = of.upper_bound(after);
        return found == of.end() ? std::nullopt : std::optional(found->second);
    }

    std::mutex mutex_;
    leadership now_;
    moments heard_;
    moments committed_;
    std::vector<std::int64_t> commits_;
    std::atomic<bool> writes_ = false;
    std::atomic<bool> stopping_ = false;
    node node_;
};

/// The nodes of this process, and their thread.
class host {
public:
    explicit host(worker_plan plan) : plan_(std::move(plan)), thread_([this] { io_.run(); }) {}
    ~host() {
        for (auto& [number, one] : nodes_) one->stop();
        work_.reset();
        thread_.join();
    }

    std::string obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        std::uint64_t value = 0;
        words >> verb >> value;
        std::ostringstream answer;
        if (verb == "start") start(value);
        if (verb == "stop") stop(value);
        if (verb == "roll") roll();
        if (verb == "hand-over") nodes_.begin()->second->hand_over(value);
        if (verb == "write") boost::asio::co_spawn(io_, nodes_.at(value)->write_on(), boost::asio::detached);
        if (verb == "knows") tell_who_knows(answer, value);
        if (verb == "heard") {
            tell(answer, [&](hosted_node& one) { return one.is_idle() ? one.heard(value) : std::nullopt; });
        }
        if (verb == "commits") {
            tell(answer, [&](hosted_node& one) { return one.is_idle() ? std::nullopt : one.committed(value); });
        }
        if (verb == "gap") answer << longest_gap(static_cast<std::int64_t>(value));
        if (verb == "links") answer << (leader() < 0 ? 0 : nodes_.at(static_cast<std::uint64_t>(leader()))->links());
        return answer.str();
    }

private:
    options settings(std::uint64_t number) const {
        options made;
        made.name = "n" + std::to_string(number);
        made.zookeeper.hosts = plan_.hosts;
        made.zookeeper.session_timeout_ms = plan_.session_ms;
        made.zookeeper.root = "/scale";
        made.link.ping_interval_ms = 2000;
        made.link.silence_timeout_ms = 10000;
        made.link.handshake_timeout_ms = 5000;
        group_options group;
        group.name = "crowd";
        group.database = plan_.database;
        group.priority = plan_.priority;
        group.takeover_max_evictions = 1'000'000;
        made.groups = {group};
        return made;
    }

    void start(std::uint64_t number) { nodes_[number] = std::make_unique<hosted_node>(io_, settings(number)); }
    void stop(std::uint64_t number) {
        const auto found = nodes_.find(number);
        found->second->stop();
        gone_.push_back(std::move(found->second));  // Its client may still be on its way out.
        nodes_.erase(found);
    }
    void roll() {
        std::vector<std::uint64_t> idle;
        for (const auto& [number, one] : nodes_) {
            if (one->is_idle()) idle.push_back(number);
        }
        for (const auto number : idle) {
            nodes_.at(number)->stop();
            nodes_.erase(number);
            start(number);
        }
    }

    void tell_who_knows(std::ostream& out, std::uint64_t after) {
        std::uint64_t newest = 0;
        for (auto& [number, one] : nodes_) newest = std::max(newest, one->serving_term());
        out << std::ranges::count_if(nodes_, [&](auto& one) { return one.second->serving_term() > after; }) << ' '
            << leader() << ' ' << newest;
    }

    std::int64_t leader() {
        const auto found = std::ranges::find_if(nodes_, [](auto& one) { return one.second->leads(); });
        return found == nodes_.end() ? -1 : static_cast<std::int64_t>(found->first);
    }
    template <class Moment>
    void tell(std::ostream& out, Moment of) {
        for (auto& [number, one] : nodes_) {
            if (const auto at = of(*one)) out << *at << ' ';
        }
    }
    std::int64_t longest_gap(std::int64_t since) {
        std::int64_t longest = 0;
        for (auto& [number, one] : nodes_) longest = std::max(longest, one->longest_gap(since));
        return longest;
    }

    worker_plan plan_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::map<std::uint64_t, std::unique_ptr<hosted_node>> nodes_;
    std::vector<std::unique_ptr<hosted_node>> gone_;
    std::thread thread_;
};

}  // namespace

std::int64_t now_ns() {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int work(const worker_plan& plan) {
    set_log(log_level::error, {});
    boost::asio::ip::tcp::iostream conductor;
    conductor.connect(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), plan.conductor));
    host here(plan);
    for (std::string line; std::getline(conductor, line);) conductor << here.obey(line) << std::endl;
    return 0;
}

}  // namespace penholder::bench
