#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/duration.hpp"
#include "cli/pause.hpp"
#include "cli/survey/documents.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <limits>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

struct watch_request {
    std::size_t count = std::numeric_limits<std::size_t>::max();  ///< Ends after so many changes.
    std::chrono::milliseconds length = std::chrono::hours(24 * 365 * 10);
    std::chrono::milliseconds interval{500};
};

// Prints what has changed since the survey before. Whether the ensemble answers is a change, too.
class change_printer {
public:
    explicit change_printer(invocation& run) : run_(run) {}

    void print(const survey& seen, std::vector<group_state> groups, std::size_t& left) {
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
    std::vector<group_state> before_;
    bool ensemble_ = true;
};

asio::awaitable<void> print_changes(invocation& run, watch_request request) {
    change_printer changes(run);
    const auto end = clock::now() + request.length;
    while (request.count != 0 && clock::now() < end) {
        survey seen = co_await run.surveys.look(run.asked.group, depth::everything, run.asked.within(reading_time));
        auto groups = conclude(seen, run.asked.group);
        changes.print(seen, std::move(groups), request.count);
        if (request.count != 0) co_await pause_for(request.interval);
    }
}

asio::awaitable<result<exit_code>> watch(invocation& run, watch_request request) {
    using namespace asio::experimental::awaitable_operators;
    const auto first = co_await look(run, depth::leadership);
    if (!first) co_return first.error();
    asio::signal_set interrupted(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await (print_changes(run, request) || interrupted.async_wait(asio::use_awaitable));
    co_return exit_code::done;
}

}  // namespace

void add_watch(command_line& to) {
    const auto request = std::make_shared<watch_request>();
    auto& command = to.add("watch", "Prints every change of leader, phase, member and health until Ctrl-C",
                           [request](invocation& run) { return watch(run, *request); });
    command.add_option("--count", request->count, "End after so many changes")->type_name("N")->default_str("");
    add_duration(
        command, "--for", [request](auto length) { request->length = length; }, "End after this time");
    add_duration(
        command, "--interval", [request](auto length) { request->interval = length; }, "How often to look (500ms)");
}

}  // namespace penholder::cli
