#include "address_book.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace penholder::names {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using answer = address_book::answer;

constexpr std::size_t most_names = 1024;
constexpr std::size_t most_lookups = 64;

std::optional<answer> numeric(const std::string& name) {
    boost::system::error_code is_name;
    const auto address = asio::ip::make_address(name, is_name);
    if (is_name) return std::nullopt;
    return answer(addresses{address});
}

error nobody_knows(const std::string& name, const std::string& why) {
    return {errc::invalid_argument, "host '" + name + "' is not known: " + why};
}

/// Somebody who waits for lookups. Told on their threads, and no more once it is gone.
class waiter {
public:
    virtual ~waiter() = default;
    virtual void looked_up() = 0;
};

}  // namespace

/// Outlives the book for as long as lookups are under way.
class address_book::shared : public std::enable_shared_from_this<shared> {
public:
    explicit shared(lookup by) : by_(std::move(by)) {}

    /// Begins a lookup, or joins the one that is under way. Answers until when to wait for it, if no lookup is to be
    /// waited for longer than `within`; nothing where there is nothing to wait for.
    std::optional<clock::time_point> begin(const std::string& name, milliseconds within,
                                           const std::shared_ptr<waiter>& who) {
        const std::scoped_lock lock(mutex_);
        make_room_for(name);
        auto& one = known_[name];
        if (!one.since) start(name, one);
        const bool is_waited_for = one.since && *one.since + within > clock::now();
        if (!is_waited_for) return std::nullopt;
        one.waiting.push_back(who);
        return *one.since + within;
    }

    bool is_under_way(const std::string& name) {
        const std::scoped_lock lock(mutex_);
        const auto found = known_.find(name);
        return found != known_.end() && found->second.since;
    }

    /// What is known now, whether a lookup is under way or not.
    answer last(const std::string& name) {
        const std::scoped_lock lock(mutex_);
        const auto& one = known_[name];
        if (!one.stands_for.empty()) return one.stands_for;
        if (one.since) return nobody_knows(name, "no name server has answered");
        return nobody_knows(name, one.why.empty() ? "it stands for no address" : one.why);
    }

private:
    struct entry {
        addresses stands_for;                    ///< As of the last lookup that found any.
        std::string why;                         ///< Why the last lookup found none.
        std::optional<clock::time_point> since;  ///< When the lookup began that is under way.
        std::vector<std::weak_ptr<waiter>> waiting;
    };

    void start(const std::string& name, entry& one) {
        if (under_way_ == most_lookups) {
            one.why = "too many names are being looked up";
            return;
        }
        try {
            std::thread([self = shared_from_this(), name] { self->end(name, self->by_(name)); }).detach();
        } catch (const std::system_error& failed) {
            one.why = failed.what();
            return;
        }
        ++under_way_;
        one.since = clock::now();
    }

    void end(const std::string& name, const answer& said) {
        std::vector<std::weak_ptr<waiter>> waiting;
        {
            const std::scoped_lock lock(mutex_);
            --under_way_;
            auto& one = known_[name];
            one.since.reset();
            if (said && !said->empty()) one.stands_for = *said;
            one.why = said ? std::string() : said.error().message;
            waiting = std::exchange(one.waiting, {});
        }
        for (const auto& each : waiting) {
            if (const auto still_there = each.lock()) still_there->looked_up();
        }
    }

    void make_room_for(const std::string& name) {
        if (known_.size() < most_names || known_.contains(name)) return;
        const auto idle = std::ranges::find_if(known_, [](const auto& each) { return !each.second.since; });
        if (idle != known_.end()) known_.erase(idle);
    }

    std::mutex mutex_;
    const lookup by_;
    std::map<std::string, entry> known_;
    std::size_t under_way_ = 0;
};

namespace {

class blocked_thread : public waiter {
public:
    void looked_up() override {
        const std::scoped_lock lock(mutex_);
        woken_.notify_all();
    }

    void wait(clock::time_point until, auto is_over) {
        std::unique_lock lock(mutex_);
        woken_.wait_until(lock, until, is_over);
    }

private:
    std::mutex mutex_;
    std::condition_variable woken_;
};

/// Ends a coroutine's wait. What is posted may come after the coroutine, and a lookup's thread may come after the
/// executor: so neither keeps this alive, and none posts any more once `part` was called.
class suspended_coroutine : public waiter, public std::enable_shared_from_this<suspended_coroutine> {
public:
    explicit suspended_coroutine(const asio::any_io_executor& executor) : timer_(executor) {}

    asio::steady_timer& timer() noexcept { return timer_; }

    void looked_up() override {
        const std::scoped_lock lock(mutex_);
        if (parted_) return;
        asio::post(timer_.get_executor(), [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->timer_.cancel();
        });
    }
    void part() {
        const std::scoped_lock lock(mutex_);
        parted_ = true;
    }

private:
    std::mutex mutex_;
    bool parted_ = false;
    asio::steady_timer timer_;
};

}  // namespace

address_book::address_book(lookup by) : shared_(std::make_shared<shared>(std::move(by))) {}

address_book::~address_book() = default;

address_book& address_book::of_process() {
    static address_book book;
    return book;
}

answer address_book::find(const std::string& name, milliseconds within) {
    return find_all({name}, within).front();
}

std::vector<answer> address_book::find_all(const std::vector<std::string>& names, milliseconds within) {
    const auto me = std::make_shared<blocked_thread>();
    std::map<std::string, clock::time_point> waits;
    for (const auto& name : names) {
        if (numeric(name)) continue;
        if (const auto until = shared_->begin(name, within, me)) waits.emplace(name, *until);
    }
    for (const auto& [name, until] : waits) me->wait(until, [&] { return !shared_->is_under_way(name); });
    std::vector<answer> found;
    found.reserve(names.size());
    for (const auto& name : names) {
        auto known = numeric(name);
        found.push_back(known ? std::move(*known) : shared_->last(name));
    }
    return found;
}

asio::awaitable<answer> address_book::look_up(std::string name, milliseconds within) {
    if (auto known = numeric(name)) co_return std::move(*known);
    const auto executor = co_await asio::this_coro::executor;
    const auto me = std::make_shared<suspended_coroutine>(executor);
    const std::unique_ptr<suspended_coroutine, void (*)(suspended_coroutine*)> parting(
        me.get(), [](suspended_coroutine* one) { one->part(); });
    const auto book = shared_;
    const auto until = book->begin(name, within, me);
    if (until) me->timer().expires_at(*until);
    const auto quietly = asio::as_tuple(asio::use_awaitable);
    if (until) co_await me->timer().async_wait(quietly);
    co_return book->last(name);
}

}  // namespace penholder::names
