#pragma once

#include "api/exit_code.hpp"
#include "cli/arguments.hpp"
#include "cli/printer.hpp"
#include "cli/sources.hpp"
#include "cli/survey/group_state.hpp"
#include "cli/survey/surveyor.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace penholder::cli {

using api::exit_code;

/// One run of one command: what was asked, where the truth can be had, where the answer goes. Lives on the stack of
/// `run`; everything happens on its one executor.
class invocation {
public:
    invocation(boost::asio::any_io_executor executor, const arguments& what, sources where, terminal& shown)
        : asked(what),
          from(std::move(where)),
          screen(shown),
          print(what.output, shown),
          with(executor, from.ensemble),
          surveys(with, from) {}
    invocation(const invocation&) = delete;
    invocation& operator=(const invocation&) = delete;

    const arguments& asked;
    const sources from;
    terminal& screen;
    printer print;
    ensemble with;
    surveyor surveys;
};

/// What a command does. A result is how it ended; an error is told on stderr and ends it by its code.
using action = std::function<boost::asio::awaitable<result<exit_code>>(invocation&)>;

/// What was found, and what follows from it.
struct findings {
    survey seen;
    std::vector<group_state> groups;
};

/// A look at the groups that were asked for. Says on stderr what could not be reached. Errors: invalid_argument where
/// nobody said whom to ask, ensemble_unreachable or link_lost where nobody answered, unknown_group.
boost::asio::awaitable<result<findings>> look(invocation& run, depth how_far);

/// The one group that a command is about: the one asked for, else the only one there is. Errors: as `look`, and
/// invalid_argument where there are several.
boost::asio::awaitable<result<group_state>> look_at_one(invocation& run, depth how_far);

}  // namespace penholder::cli
