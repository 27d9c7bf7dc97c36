#include "lane_errands.hpp"

#include "base/log_event.hpp"
#include "call_limit.hpp"
#include "fence.hpp"
#include "server_connection.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <utility>

namespace penholder::postgres {
namespace {

result<lane::opened> open_lane(raw_connection& over, const group_options& group, const fence_record& held,
                               raise_memory& memory) {
    if (const auto fit = check_server(over); !fit) return fit.error();
    return confirm_fence(over, group, held, memory);
}

/// It writes under the term that stands: the guard of each transaction says whether that is ours.
result<lane::opened> open_session(raw_connection& over, const group_options& group, const fence_record& held, int slot,
                                  raise_memory& memory) {
    if (const auto fit = check_server(over); !fit) return fit.error();
    auto seen = take_slot(over, group, held, slot, memory);
    if (seen) seen->fence.raised = seen->fence.record.term == held.term;
    return seen;
}

result<made_connection> make_now(const boost::asio::any_io_executor& executor, const group_options& group,
                                 const fence_record& held, lane::connection_id which, raise_memory& memory) {
    auto made = connect(group, which.is_lane() ? "lane" : "session", &memory);
    if (!made) return made.error();
    auto& over = **made;
    auto seen = limited(executor, over, fence_limit(group), [&] {
        return which.is_lane() ? open_lane(over, group, held, memory)
                               : open_session(over, group, held, which.value, memory);
    });
    if (!seen) return seen.error();
    return made_connection{std::move(*made), std::move(*seen)};
}

/// Only of our own role and database: a backend that ended may have left its number to somebody else's.
result<> signal_backend(raw_connection& over, const std::string& function, int pid) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(over.pqxx());
        work.exec("SELECT pg_catalog." + function +
                  "(a.pid) FROM pg_catalog.pg_stat_activity a WHERE a.usename = session_user AND a.datname = "
                  "pg_catalog.current_database() AND a.pid = " +
                  std::to_string(pid));
        return {};
    });
}

/// Those of ours that wait in line are not who holds it: it is found behind them. A prepared transaction has no
/// backend, and its pid is shown as 0.
result<std::optional<lane::lock_holder>> find_holder(raw_connection& over, int pid, const std::string& ours) {
    return guarded([&]() -> result<std::optional<lane::lock_holder>> {
        pqxx::nontransaction work(over.pqxx());
        const auto found =
            work.exec("WITH RECURSIVE ours AS (SELECT '{" + ours +
                      "}'::pg_catalog.int4[] AS pids), line (pid) AS ("
                      "SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(" +
                      std::to_string(pid) +
                      ")) UNION SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(l.pid)) FROM line l, ours o "
                      "WHERE l.pid = ANY (o.pids)) "
                      "SELECT l.pid, coalesce(a.application_name, ''), coalesce(a.usename, ''), coalesce(a.state, '') "
                      "FROM line l CROSS JOIN ours o LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
                      "WHERE l.pid <> ALL (o.pids) ORDER BY a.xact_start LIMIT 1");
        if (found.empty()) return std::optional<lane::lock_holder>();
        const auto row = found[0];
        return std::optional(lane::lock_holder{row[0].as<int>(), row[1].c_str(), row[2].c_str(), row[3].c_str()});
    });
}

}  // namespace

lane_errands::lane_errands(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers,
                           const group_options& group, fence_record held, std::shared_ptr<raise_memory> memory)
    : executor_(std::move(executor)),
      workers_(workers),
      group_(group),
      held_(std::move(held)),
      memory_(std::move(memory)),
      questions_(executor_, workers, group, "errands", memory_) {}

void lane_errands::prepare() {
    questions_.ask([](raw_connection&) { return result<>(); }, [](const result<>&) {});
}

void lane_errands::make(lane::connection_id which, answer<made_connection> done) {
    boost::asio::post(workers_, [executor = executor_, group = group_, held = held_, memory = memory_, which,
                                 done = std::move(done)]() mutable {
        auto made = std::make_shared<result<made_connection>>(make_now(executor, group, held, which, *memory));
        boost::asio::post(executor, [done = std::move(done), made] { done(std::move(*made)); });
    });
}

void lane_errands::probe(answer<void> done) {
    questions_.ask([](raw_connection& over) { return check_server(over); }, std::move(done));
}

void lane_errands::read_fence(answer<fence_record> done) {
    questions_.ask([name = group_.name](raw_connection& over) { return postgres::read_fence(over, name); },
                   std::move(done));
}

void lane_errands::find_lock_holder(int pid, std::vector<int> ours, answer<std::optional<lane::lock_holder>> done) {
    auto known = fmt::format("{}", fmt::join(ours, ","));
    questions_.ask([pid, known = std::move(known)](raw_connection& over) { return find_holder(over, pid, known); },
                   std::move(done));
}

void lane_errands::end_backend(int pid) {
    questions_.ask([pid](raw_connection& over) { return signal_backend(over, "pg_terminate_backend", pid); },
                   [group = group_.name, pid](const result<>& ended) {
                       if (ended) return;
                       log_warn("session_cannot_end_backend")
                           .with("group", group)
                           .with("pid", pid)
                           .with("reason", ended.error().message);
                   });
}

void lane_errands::cancel_backend(int pid, std::function<void()> done) {
    questions_.ask([pid](raw_connection& over) { return signal_backend(over, "pg_cancel_backend", pid); },
                   [done = std::move(done)](const result<>&) { done(); });
}

}  // namespace penholder::postgres
