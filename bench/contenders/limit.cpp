// What one connection can do at best: batches in one pipeline, two of them under way, with no guard, no ledger and no
// network. A writer that has nobody to answer to.
#include "contender.hpp"
#include "sql_session.hpp"

#include <libpq-fe.h>

#include <deque>
#include <poll.h>
#include <stdexcept>

namespace penholder::bench {
namespace {

constexpr std::size_t batch_writes = 100;
constexpr std::size_t batches_under_way = 2;

class pipelining {
public:
    pipelining(const std::string& conninfo, course& all)
        : session_(conninfo, sql_session::plan::prepared), writer_(all, 0) {
        prepare_statements(all.what());
        all.begin();
        PQsetnonblocking(session_.handle(), 1);
        PQenterPipelineMode(session_.handle());
    }

    void run() {
        while (send_batch() && under_way_.size() < batches_under_way) {
        }
        while (!under_way_.empty()) {
            collect_batch();
            send_batch();
        }
    }

private:
    void prepare_statements(const workload& what) {
        write probe;
        random_source random;
        what.make(probe, {}, random);
        for (const auto& one : probe.statements()) session_.prepared(one.sql());
    }

    bool send_batch() {
        const auto due = writer_.due();
        if (!due) return false;
        command("BEGIN");
        for (std::size_t i = 0; i < batch_writes; ++i) {
            const auto what = writer_.make();
            for (const auto& one : what.statements()) {
                const auto values = pointers(one);
                PQsendQueryPrepared(session_.handle(), session_.prepared(one.sql()).c_str(),
                                    static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0);
            }
        }
        command("COMMIT");
        PQpipelineSync(session_.handle());
        flush();
        under_way_.push_back(*due);
        return true;
    }

    void command(const char* sql) {
        PQsendQueryParams(session_.handle(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    }

    void flush() {
        while (PQflush(session_.handle()) == 1) wait(POLLIN | POLLOUT);
    }

    void wait(short events) {
        pollfd one{PQsocket(session_.handle()), events, 0};
        poll(&one, 1, -1);
        if ((one.revents & POLLIN) != 0 && PQconsumeInput(session_.handle()) != 1) {
            throw std::runtime_error(PQerrorMessage(session_.handle()));
        }
    }

    void collect_batch() {
        for (;;) {
            while (PQisBusy(session_.handle()) == 1) wait(POLLIN);
            const std::unique_ptr<PGresult, decltype(&PQclear)> got(PQgetResult(session_.handle()), &PQclear);
            if (!got) continue;
            const auto status = PQresultStatus(got.get());
            if (status == PGRES_PIPELINE_SYNC) break;
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                throw std::runtime_error(PQerrorMessage(session_.handle()));
        }
        const auto now = clock::now();
        for (std::size_t i = 0; i < batch_writes; ++i) {
            writer_.answered(under_way_.front(), answer::committed, now);
        }
        under_way_.pop_front();
    }

    sql_session session_;
    writer writer_;
    std::deque<clock::time_point> under_way_;
};

class limit_contender : public contender {
public:
    explicit limit_contender(servers& on) : conninfo_(on.database().conninfo()) {}

    std::string name() const override { return "limit"; }
    bool fits(const workload& what, const load_shape& shape) const override {
        return !shape.keyed && shape.rate == 0 && is_uniform(what);
    }
    void run(course& all) override { pipelining(conninfo_, all).run(); }

private:
    /// No write fails, and all have the texts that are prepared beforehand.
    static bool is_uniform(const workload& what) {
        const auto first = texts(what, 0);
        for (std::uint64_t number = 0; number < 1000; ++number) {
            if (what.is_refused({0, number}) || texts(what, number) != first) return false;
        }
        return true;
    }

    static std::vector<std::string> texts(const workload& what, std::uint64_t number) {
        write one;
        random_source random;
        what.make(one, {0, number}, random);
        std::vector<std::string> found;
        for (const auto& each : one.statements()) found.push_back(each.sql());
        return found;
    }

    std::string conninfo_;
};

}  // namespace

contender_pointer pipelined_limit(servers& on) {
    return std::make_unique<limit_contender>(on);
}

}  // namespace penholder::bench
