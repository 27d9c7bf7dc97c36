#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/duration.hpp"
#include "cli/survey/documents.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <limits>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

struct watch_wish {
    std::size_t count = std::numeric_limits<std::size_t>::max();  ///< Ends after so many changes.
    std::chrono::milliseconds length = std::chrono::hours(24 * 365 * 10);
    std::chrono::milliseconds interval{500};
};

// Tells the changes between looks. Whether the ensemble answers is a change too.
class teller {
public:
    explicit teller(invocation& run) : run_(run) {}

    void tell(const survey& seen, std::vector<group_picture> groups, std::size_t& left) {
        auto changes = find_changes(before_, groups);
        if (run_.from.has_ensemble() && seen.ensemble_reached() != ensemble_) {
            ensemble_ = seen.ensemble_reached();
            changes.insert(changes.begin(),
                           {"", "ensemble", "", 0, ensemble_ ? "reached" : seen.ensemble_trouble->message});
        }
        for (const change& each : changes) {
            if (left == 0) return;
            run_.print.stream(describe_change(each, std::chrono::system_clock::now()));
            --left;
        }
        const bool blind = groups.empty() && !seen.ensemble_reached();
        if (!blind) before_ = std::move(groups);
    }

private:
    invocation& run_;
    std::vector<group_picture> before_;
    bool ensemble_ = true;
};

asio::awaitable<void> pause_for(std::chrono::milliseconds length) {
    asio::steady_timer timer(co_await asio::this_coro::executor, length);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

asio::awaitable<void> tell_changes(invocation& run, watch_wish wish) {
    teller told(run);
    const auto end = clock::now() + wish.length;
    while (wish.count != 0 && clock::now() < end) {
        survey seen = co_await run.surveys.look(run.asked.group, depth::everything, run.asked.within(reading_time));
        auto groups = conclude(seen, run.asked.group);
        told.tell(seen, std::move(groups), wish.count);
        if (wish.count != 0) co_await pause_for(wish.interval);
    }
}

asio::awaitable<result<exit_code>> watch(invocation& run, watch_wish wish) {
    using namespace asio::experimental::awaitable_operators;
    const auto first = co_await look(run, depth::leadership);
    if (!first) co_return first.error();
    asio::signal_set interrupted(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await (tell_changes(run, wish) || interrupted.async_wait(asio::use_awaitable));
    co_return exit_code::done;
}

}  // namespace

void add_watch(command_line& to) {
    const auto wish = std::make_shared<watch_wish>();
    auto& command = to.add("watch", "Tells every change of leader, phase, member and health until Ctrl-C",
                           [wish](invocation& run) { return watch(run, *wish); });
    command.add_option("--count", wish->count, "End after so many changes")->type_name("N")->default_str("");
    add_duration(
        command, "--for", [wish](auto length) { wish->length = length; }, "End after this time");
    add_duration(
        command, "--interval", [wish](auto length) { wish->interval = length; }, "How often to look (500ms)");
}

}  // namespace penholder::cli
