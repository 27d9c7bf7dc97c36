#include "refused_connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <poll.h>

namespace penholder::postgres {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t sqlstate_length = 5;
constexpr std::string_view behind_severity = ":  ";

bool is_sqlstate(std::string_view text) {
    return text.size() == sqlstate_length &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

/// False where the time is over.
bool wait_for(PGconn& made, short event, milliseconds left) {
    pollfd waits{PQsocket(&made), event, 0};
    return left > milliseconds::zero() && ::poll(&waits, 1, static_cast<int>(left.count())) > 0;
}

}  // namespace

std::string sqlstate_in(std::string_view complaint) {
    for (auto at = complaint.find(behind_severity); at != std::string_view::npos;
         at = complaint.find(behind_severity, at + 1)) {
        const auto rest = complaint.substr(at + behind_severity.size());
        const auto word = rest.substr(0, rest.find_first_of(": \n"));
        if (is_sqlstate(word)) return std::string(word);
    }
    return {};
}

std::string without_location(std::string complaint) {
    if (const auto at = complaint.find("LOCATION:  "); at != std::string::npos) complaint.resize(at);
    while (!complaint.empty() && (complaint.back() == '\n' || complaint.back() == ' ')) complaint.pop_back();
    return complaint;
}

std::string sqlstate_of_refusal(const std::string& conninfo, milliseconds within) {
    const auto until = clock::now() + within;
    const std::unique_ptr<PGconn, decltype(&PQfinish)> made(PQconnectStart(conninfo.c_str()), &PQfinish);
    if (!made || PQstatus(made.get()) == CONNECTION_BAD) return {};
    PQsetErrorVerbosity(made.get(), PQERRORS_SQLSTATE);
    short event = POLLOUT;
    while (wait_for(*made, event, std::chrono::ceil<milliseconds>(until - clock::now()))) {
        const auto state = PQconnectPoll(made.get());
        if (state == PGRES_POLLING_OK) return {};
        if (state == PGRES_POLLING_FAILED) return sqlstate_in(PQerrorMessage(made.get()));
        event = static_cast<short>(state == PGRES_POLLING_WRITING ? POLLOUT : POLLIN);
    }
    return {};
}

}  // namespace penholder::postgres
