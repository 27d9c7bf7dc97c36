#include "database.hpp"

#include "base/log_event.hpp"
#include "call_limit.hpp"
#include "fence.hpp"
#include "kept_connection.hpp"
#include "key_removal.hpp"
#include "lane_core.hpp"
#include "ledger_reader.hpp"
#include "made_connection.hpp"
#include "server_connection.hpp"
#include "statement_judge.hpp"

#include <penholder/completion.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

namespace penholder::postgres {

/// What the blocking calls share: the workers, and one connection that is kept between calls: for probing and reading,
/// until this node is elected and its lane takes it over.
class database_core {
public:
    database_core(boost::asio::any_io_executor executor, std::shared_ptr<workers> threads, group_options group)
        : executor_(std::move(executor)),
          group_(std::move(group)),
          threads_(std::move(threads)),
          workers_(threads_->pool()),
          memory_(std::make_shared<raise_memory>(group_.name)),
          judge_(std::make_shared<statement_judge>(executor_, workers_, group_, memory_)),
          reads_(boost::asio::make_strand(workers_.get_executor())) {}

    /// Runs `work(connection)` on the kept connection, made anew where there is none or it broke. Worker threads.
    template <class Work>
    auto with_connection(Work work) -> decltype(work(std::declval<raw_connection&>())) {
        const auto mine = kept_.wait();
        const bool was_kept = mine->connection != nullptr;
        auto answer = ask(*mine, work);
        const bool broke = !answer && answer.error().code == errc::database_unreachable;
        return broke && was_kept ? ask(*mine, work) : answer;
    }

    /// Raises the fence over the kept connection, which spares a new leader a connect, or over a new one where there is
    /// none or it broke. The connection is then set aside for the lane of that term. Worker threads.
    result<lane::opened> raise(const fence_record& wanted) {
        if (auto kept = take_connection()) {
            auto answer = raise_over(std::move(kept), wanted, "kept");
            if (answer || answer.error().code != errc::database_unreachable) return answer;
        }
        auto made = connect(group_, "lane", memory_.get());
        if (!made) return made.error();
        const auto fit = limited(executor_, **made, question_limit(group_), [&] { return check_server(**made); });
        if (!fit) return fit.error();
        return raise_over(std::move(*made), wanted, "new");
    }

    /// As `read_fence`, and the server is none that others have left behind. Worker threads.
    result<fence_record> look_at_fence(raw_connection& connection) {
        const auto newest = hosts_are_due() ? look_at_hosts(group_, *memory_) : std::nullopt;
        const auto known = memory_->known();
        auto seen = read_fence(connection, group_.name);
        if (!seen) return seen;
        if (const auto may_lead = check_rights(connection); !may_lead) return may_lead.error();
        if (const auto why = why_not_written(host_of(connection), *seen, known)) return unreachable(*why);
        const bool is_older = newest && precedes(*newest, seen->lineage) && newest->timeline > seen->lineage.timeline;
        if (is_older) return unreachable("host " + host_of(connection) + " is an older primary than another one");
        return seen;
    }

    /// Once for each kept connection. A server that refuses to be primed is no worse for it. Worker threads.
    void prime_once() {
        const auto mine = kept_.wait();
        if (!mine->connection || std::exchange(mine->primed, true)) return;
        auto& over = *mine->connection;
        static_cast<void>(limited(executor_, over, question_limit(group_), [&] { return prime(over, group_.name); }));
    }

    /// The connection over which the fence was raised to `held`, once.
    std::optional<made_connection> take_fenced(penholder::term held) {
        const std::scoped_lock one_at_a_time(fenced_mutex_);
        auto ready = std::exchange(fenced_, std::nullopt);
        if (ready && ready->seen.fence.record.term != held) ready.reset();
        return ready;
    }

    const boost::asio::any_io_executor executor_;
    const group_options group_;
    const std::shared_ptr<workers> threads_;
    boost::asio::thread_pool& workers_;
    const std::shared_ptr<raise_memory> memory_;
    const std::shared_ptr<statement_judge> judge_;
    /// Receipts are read one at a time, so that they never take all workers from those who make connections.
    const boost::asio::strand<boost::asio::thread_pool::executor_type> reads_;
    std::string database_;  ///< Which one the last probe saw: no fence is raised in another. On the executor only.
    std::weak_ptr<lane_core> lane_;  ///< The last that was opened. On the executor only.

private:
    static constexpr std::chrono::milliseconds spare_a_connect{20};
    /// An old primary that came back is shown though nothing connects anew.
    static constexpr std::chrono::seconds hosts_every{5};

    /// In the turn of the kept connection only.
    bool hosts_are_due() {
        const auto now = std::chrono::steady_clock::now();
        if (now < hosts_due_) return false;
        hosts_due_ = now + hosts_every;
        return true;
    }

    /// A connection that gives no answer is dropped.
    template <class Work>
    auto ask(kept_connection::contents& kept, Work& work) -> decltype(work(std::declval<raw_connection&>())) {
        if (!kept.connection) {
            auto made = connect(group_, "lane", memory_.get());
            if (!made) return made.error();
            kept = {std::move(*made), false};
        }
        auto answer =
            limited(executor_, *kept.connection, question_limit(group_), [&] { return work(*kept.connection); });
        if (!answer && answer.error().code == errc::database_unreachable) kept.connection.reset();
        return answer;
    }

    /// Nothing where the kept connection is busy for longer than making another would take.
    std::unique_ptr<raw_connection> take_connection() {
        const auto mine = kept_.wait_for(spare_a_connect);
        return mine ? std::move((*mine)->connection) : nullptr;
    }

    result<lane::opened> raise_over(std::unique_ptr<raw_connection> over, const fence_record& wanted,
                                    std::string_view which) {
        const auto begun = std::chrono::steady_clock::now();
        auto answer = limited(executor_, *over, fence_limit(group_),
                              [&] { return postgres::raise_fence(*over, group_, wanted, *memory_); });
        if (!answer || !answer->fence.raised) return answer;
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
        log_info("fence_raised")
            .with("group", group_.name)
            .with("node", wanted.leader)
            .with("term", wanted.term.value)
            .with("connection", which)
            .with("ms", fmt::format("{:.1f}", took.count()));
        const std::scoped_lock one_at_a_time(fenced_mutex_);
        fenced_ = made_connection{std::move(over), *answer};
        return answer;
    }

    kept_connection kept_;
    std::chrono::steady_clock::time_point hosts_due_;
    std::mutex fenced_mutex_;  ///< Of its own: a new leader must not wait for a probe that connects.
    std::optional<made_connection> fenced_;
};

namespace {

/// As long as anybody waits for one.
constexpr std::chrono::seconds longest_wait_for_receipt{2};

/// Runs `work` on a worker thread and answers what it returned; the coroutine goes on where it was. Not a coroutine
/// itself, and to be given named work: GCC 12 destroys temporaries of a co_await expression twice.
template <class Executor, class Work>
boost::asio::awaitable<std::shared_ptr<std::invoke_result_t<Work>>> on_worker(Executor workers, Work work) {
    using answer = std::shared_ptr<std::invoke_result_t<Work>>;
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(answer)>(
        [](auto handler, Executor on, Work given) {
            completion<answer> done(std::move(handler), on);
            boost::asio::post(on, [done = std::move(done), given = std::move(given)]() mutable {
                done(std::make_shared<std::invoke_result_t<Work>>(given()));
            });
        },
        boost::asio::use_awaitable, std::move(workers), std::move(work));
}

}  // namespace

database::database(boost::asio::any_io_executor executor, std::shared_ptr<workers> threads, group_options group)
    : core_(std::make_shared<database_core>(std::move(executor), std::move(threads), std::move(group))) {}

database::~database() = default;

boost::asio::awaitable<result<fence_record>> database::probe() {
    const auto core = core_;
    const auto probe_now = [core] {
        return core->with_connection([core](raw_connection& connection) -> result<fence_record> {
            if (const auto fit = check_server(connection); !fit) return fit.error();
            return core->look_at_fence(connection);
        });
    };
    const auto answer = co_await on_worker(core->workers_.get_executor(), probe_now);
    if (*answer) {
        core->database_ = (*answer)->database;
        if (const auto lane = core->lane_.lock()) {
            lane->found_primary((*answer)->lineage.timeline);
        } else {
            core->judge_->rest();
        }
        boost::asio::post(core->workers_, [core] { core->prime_once(); });
    }
    co_return *answer;
}

void database::expect(const known_raise& shown, bool moved_there) {
    core_->memory_->expect(shown, moved_there);
}

void database::prepare_to_lead() {
    core_->judge_->prepare();
}

std::vector<std::string> database::refused_hosts() const {
    return core_->memory_->refused();
}

std::uint64_t database::setbacks() const {
    return core_->memory_->setbacks();
}

boost::asio::awaitable<result<fence_answer>> database::raise_fence(penholder::term next, std::string leader,
                                                                   std::string endpoint) {
    const auto core = core_;
    const fence_record wanted{core->group_.name, next, std::move(leader), std::move(endpoint), {}, core->database_};
    const auto raise_now = [core, wanted] { return core->raise(wanted); };
    core->judge_->prepare();
    const auto answer = co_await on_worker(core->workers_.get_executor(), raise_now);
    if (!*answer) co_return answer->error();
    co_return (*answer)->fence;
}

boost::asio::awaitable<result<std::optional<receipt>>> database::find(std::string write_id) {
    const auto core = core_;
    const auto late = std::chrono::steady_clock::now() + longest_wait_for_receipt;
    const auto find_now = [core, write_id, late]() -> result<std::optional<receipt>> {
        if (std::chrono::steady_clock::now() > late) {
            return error{errc::overloaded, "other receipts are being read; ask again a little later"};
        }
        return core->with_connection([core, &write_id](raw_connection& connection) {
            return read_receipt(connection, core->group_.name, write_id);
        });
    };
    const auto answer = co_await on_worker(core->reads_, find_now);
    co_return *answer;
}

boost::asio::awaitable<result<std::optional<receipt>>> database::forget(penholder::term held, std::string key) {
    const auto core = core_;
    const auto forget_now = [core, held, key] {
        return core->with_connection([core, held, &key](raw_connection& connection) {
            return forget_key(connection, core->group_.name, held, key);
        });
    };
    const auto answer = co_await on_worker(core->reads_, forget_now);
    co_return *answer;
}

lane_connection database::open_lane(penholder::term held, std::string leader, std::string endpoint,
                                    lane_events events) {
    fence_record record{core_->group_.name, held, std::move(leader), std::move(endpoint), {}, core_->database_};
    auto core =
        std::shared_ptr<lane_core>(new lane_core(core_->executor_, core_->workers_, core_->group_, std::move(record),
                                                 core_->memory_, core_->judge_, std::move(events)),
                                   [threads = core_->threads_](lane_core* gone) { delete gone; });
    core_->lane_ = core;
    core->start(core_->take_fenced(held));
    return lane_connection(std::move(core));
}

}  // namespace penholder::postgres
