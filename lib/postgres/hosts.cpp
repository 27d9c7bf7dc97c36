#include "hosts.hpp"

#include "conninfo.hpp"
#include "host_addresses.hpp"
#include "refused_connection.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <poll.h>
#include <string_view>
#include <utility>

namespace penholder::postgres {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto default_port = "5432";

error cannot_be_used(const std::string& why, std::string sqlstate = {}) {
    return {errc::database_unreachable, "the database cannot be used: " + why, std::move(sqlstate)};
}

/// One question to one host, none of which blocks. Each call advances it by what the socket allows.
class host_question {
public:
    /// `numbered` is its connection string without a name, or why there is none.
    host_question(const host_conninfo& where, const result<std::string>& numbered, std::string group)
        : where_(&where), group_(std::move(group)), handle_(nullptr, &PQfinish) {
        if (!numbered) {
            answer_ = numbered.error();
            return;
        }
        handle_.reset(PQconnectStart(numbered->c_str()));
        if (handle_ == nullptr || PQstatus(handle_.get()) == CONNECTION_BAD) {
            fail();
        } else {
            PQsetErrorVerbosity(handle_.get(), PQERRORS_VERBOSE);
        }
    }

    bool is_open() const noexcept { return !answer_.has_value(); }
    pollfd waits() const {
        return {PQsocket(handle_.get()), static_cast<short>(wants_to_write_ ? POLLOUT : POLLIN), 0};
    }

    void advance() {
        if (asked_) return read();
        switch (PQconnectPoll(handle_.get())) {
            case PGRES_POLLING_WRITING: wants_to_write_ = true; return;
            case PGRES_POLLING_READING: wants_to_write_ = false; return;
            case PGRES_POLLING_OK: return ask();
            default: return fail();
        }
    }

    host_answer finish(milliseconds patience) && {
        if (!answer_) answer_ = cannot_be_used(fmt::format("no answer within {} ms", patience.count()));
        return {*where_, std::move(*answer_)};
    }

private:
    void fail() {
        const std::string why = handle_ ? PQerrorMessage(handle_.get()) : "out of memory";
        answer_ = cannot_be_used(one_line(why), sqlstate_in(why));
    }

    void ask() {
        const std::unique_ptr<char, decltype(&PQfreemem)> name(
            PQescapeLiteral(handle_.get(), group_.c_str(), group_.size()), &PQfreemem);
        if (!name) return fail();
        const auto question = std::string(
                                  "SELECT penholder.identity(), l.timeline, l.raised_term, l.raised_timeline, "
                                  "l.raised_at FROM penholder.lineage(") +
                              name.get() + ") AS l";
        asked_ = true;
        wants_to_write_ = false;
        if (PQsendQuery(handle_.get(), question.c_str()) == 0) fail();
    }

    void read() {
        if (PQconsumeInput(handle_.get()) == 0) return fail();
        if (PQisBusy(handle_.get()) != 0) return;
        const std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQgetResult(handle_.get()), &PQclear);
        if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK && PQntuples(answer.get()) == 1) return take(*answer);
        const auto* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
        const std::string_view code = state != nullptr ? state : "";
        if (code != "42883" && code != "3F000") return fail();
        answer_ = fence_record{.group = group_, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}};
    }

    void take(const PGresult& answer) {
        const auto text = [&](int column) { return std::string(PQgetvalue(&answer, 0, column)); };
        fence_record seen{.group = group_, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}};
        seen.database = text(0);
        seen.lineage = lineage_of(text(1), text(2), text(3), text(4));
        seen.term = seen.lineage.last.term;
        answer_ = std::move(seen);
    }

    const host_conninfo* where_;
    std::string group_;
    std::unique_ptr<PGconn, decltype(&PQfinish)> handle_;
    bool wants_to_write_ = true;
    bool asked_ = false;
    std::optional<result<fence_record>> answer_;
};

void wait_for_any(std::vector<host_question>& questions, milliseconds left) {
    std::vector<pollfd> waits;
    std::vector<host_question*> open;
    for (auto& each : questions) {
        if (!each.is_open()) continue;
        waits.push_back(each.waits());
        open.push_back(&each);
    }
    ::poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    for (std::size_t index = 0; index < open.size(); ++index) {
        if (waits[index].revents != 0) open[index]->advance();
    }
}

std::string first_sqlstate(const std::vector<host_answer>& answers) {
    const auto refused =
        std::ranges::find_if(answers, [](const auto& one) { return !one.seen && !one.seen.error().sqlstate.empty(); });
    return refused == answers.end() ? std::string() : refused->seen.error().sqlstate;
}

std::string all_complaints(const std::vector<host_answer>& answers, const std::vector<std::string>& refusals) {
    std::string all;
    const auto add = [&all](const std::string& one) { all += (all.empty() ? "" : "; ") + one; };
    for (const auto& each : refusals) add(each);
    for (const auto& each : answers) {
        if (!each.seen) add("host " + each.where.host + ": " + each.seen.error().message);
    }
    return all.empty() ? "the connection string names no host" : all;
}

}  // namespace

std::vector<host_conninfo> each_host(const std::string& conninfo) {
    std::vector<host_conninfo> all;
    for (const auto& each : hosts_in(conninfo)) {
        std::map<std::string, std::string> alone;
        if (!each.host.empty()) alone["host"] = each.host;
        if (!each.address.empty()) alone["hostaddr"] = each.address;
        if (!each.port.empty()) alone["port"] = each.port;
        const auto one = complete_conninfo(conninfo, {}, alone);
        const auto& name = each.host.empty() ? each.address : each.host;
        if (one) all.push_back({name + ":" + (each.port.empty() ? default_port : each.port), *one});
    }
    return all;
}

std::vector<host_answer> ask_hosts(const std::vector<host_conninfo>& hosts, const std::string& group,
                                   milliseconds patience) {
    const auto until = clock::now() + patience;
    std::vector<std::string> conninfos;
    conninfos.reserve(hosts.size());
    for (const auto& each : hosts) conninfos.push_back(each.conninfo);
    const auto numbered = look_up_hosts(conninfos, names::address_book::of_process());
    std::vector<host_question> questions;
    questions.reserve(hosts.size());
    for (std::size_t index = 0; index < hosts.size(); ++index) {
        questions.emplace_back(hosts[index], numbered[index], group);
    }
    while (std::ranges::any_of(questions, &host_question::is_open)) {
        const auto left = std::chrono::ceil<milliseconds>(until - clock::now());
        if (left <= milliseconds::zero()) break;
        wait_for_any(questions, left);
    }
    std::vector<host_answer> answers;
    answers.reserve(questions.size());
    for (auto& each : questions) answers.push_back(std::move(each).finish(patience));
    return answers;
}

host_choice choose_host(const std::vector<host_answer>& answers, const known_raise& known) {
    std::vector<std::string> refusals;
    std::vector<const host_answer*> fit;
    for (const auto& each : answers) {
        if (!each.seen) continue;
        if (auto why = why_not_written(each.where.host, *each.seen, known)) {
            refusals.push_back(std::move(*why));
        } else {
            fit.push_back(&each);
        }
    }
    if (fit.empty()) {
        return {cannot_be_used(all_complaints(answers, refusals), first_sqlstate(answers)), std::move(refusals)};
    }
    const auto* newest = *std::ranges::min_element(
        fit, [](const auto* one, const auto* other) { return precedes(one->seen->lineage, other->seen->lineage); });
    for (const auto* each : fit) {
        const bool is_older =
            each->seen->database == newest->seen->database && precedes(newest->seen->lineage, each->seen->lineage);
        if (is_older)
            refusals.push_back(
                outdone(each->where.host, each->seen->lineage, newest->where.host, newest->seen->lineage));
    }
    return {*newest, std::move(refusals)};
}

}  // namespace penholder::postgres
