#include "cli/run.hpp"

#include "api/error_table.hpp"
#include "base/printable.hpp"
#include "cli/command_line.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <ostream>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

exit_code fail(printer& print, const error& why) {
    print.say(why.message);
    return api::exit_code_of(why.code);
}

// Help and version are answers; everything else that parsing throws is a usage error.
exit_code explain(const command_line& line, const CLI::ParseError& why, terminal& screen) {
    if (why.get_exit_code() == 0) {
        line.app().exit(why, screen.out, screen.err);
        return exit_code::done;
    }
    const auto what = line.unknown_command().value_or(why.what());
    screen.err << "penholder: " << printable(what) << (what.ends_with('?') ? " " : "; ")
               << "penholder --help shows what there is\n";
    return exit_code::usage;
}

asio::awaitable<result<exit_code>> act(invocation& run, const action& chosen) {
    auto ended = co_await chosen(run);
    co_await run.with.close();
    co_return ended;
}

exit_code carry_out(const command_line& line, sources from, terminal& screen) {
    asio::io_context io(1);
    invocation run(io.get_executor(), line.asked(), std::move(from), screen);
    exit_code ended = exit_code::failed;
    asio::co_spawn(io, act(run, line.chosen()), [&](std::exception_ptr failed, result<exit_code> how) {
        io.stop();
        if (failed) std::rethrow_exception(failed);
        ended = how ? *how : fail(run.print, how.error());
    });
    io.run();
    return ended;
}

exit_code parse_and_run(command_line& line, const std::vector<std::string>& words, terminal& screen,
                        const config::environment& variables) {
    try {
        line.parse(words);
    } catch (const CLI::ParseError& why) {
        return explain(line, why, screen);
    }
    if (!line.needs_sources()) return carry_out(line, {}, screen);
    auto from = find_sources(line.asked(), variables);
    if (from) return carry_out(line, std::move(*from), screen);
    printer print(line.asked().output, screen);
    return fail(print, from.error());
}

}  // namespace

exit_code run(const std::vector<std::string>& words, terminal& screen, const config::environment& variables) {
    command_line line;
    try {
        return parse_and_run(line, words, screen, variables);
    } catch (const std::exception& why) {
        screen.err << "penholder: " << printable(why.what()) << "; this should not happen, please report it\n";
        return exit_code::failed;
    }
}

}  // namespace penholder::cli
