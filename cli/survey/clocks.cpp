#include "cli/duration.hpp"
#include "cli/survey/diagnosis.hpp"

#include <ctime>

namespace penholder::cli {
namespace {

using postgres::severity;
using std::chrono::seconds;
using wall_clock = std::chrono::system_clock;

// Elections and fences do not ask the clock; people who compare logs do.
constexpr seconds tolerated{3};

// The form that HTTP gives a date: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<wall_clock::time_point> parse_http_date(const std::string& text) {
    std::tm parts{};
    const char* rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
    if (rest == nullptr) return std::nullopt;
    return wall_clock::from_time_t(timegm(&parts));
}

// The least by which the clocks can differ: the date was written at some time between question and answer, and leaves
// out up to a second.
wall_clock::duration difference(const node_report& from, wall_clock::time_point date) {
    if (date > from.answered_at) return date - from.answered_at;
    const auto latest = date + seconds(1);
    return latest < from.asked_at ? from.asked_at - latest : wall_clock::duration{};
}

}  // namespace

diagnosis diagnose_clocks(const survey& seen) {
    diagnosis found;
    for (const node_report& each : seen.nodes) {
        const auto theirs = parse_http_date(each.date);
        if (!each.status || !theirs) continue;
        const auto off = std::chrono::duration_cast<std::chrono::milliseconds>(difference(each, *theirs));
        const std::string subject = "clock of " + each.status->node;
        if (off <= tolerated) {
            found.push_back({severity::good, subject, "agrees with this machine's", ""});
        } else {
            found.push_back({severity::warning, subject, "differs from this machine's by " + duration_text(off),
                             "let both follow a time server: times in logs and history cannot be compared"});
        }
    }
    return found;
}

}  // namespace penholder::cli
