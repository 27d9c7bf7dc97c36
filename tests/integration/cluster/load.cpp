#include "load.hpp"

#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace penholder::testing {

void load::prepare(postgres_server& server, const std::string& database) {
    server.exec("CREATE TABLE counter (id int PRIMARY KEY, n bigint NOT NULL)", database);
    server.exec("INSERT INTO counter VALUES (1, 0)", database);
    server.exec("CREATE TABLE marks (mark text NOT NULL)", database);  // No key: a doubled write shows.
}

load::~load() {
    stop();
}

void load::add_writers(running_node& through, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        ++writing_;
        {
            const std::lock_guard lock(mutex_);
            answered_by_.push_back(0);
        }
        boost::asio::co_spawn(through.io(), write_on(through, writers_++), boost::asio::detached);
    }
}

boost::asio::awaitable<void> load::write_on(running_node& through, std::size_t writer) {
    for (std::size_t number = 0; !stopping_; ++number) {
        const auto mark = "w" + std::to_string(writer) + "-" + std::to_string(number);
        write one = keyed_ ? write("key-" + mark) : write();
        one.add("UPDATE counter SET n = n + 1 WHERE id = 1").expect_rows(1);
        one.add("INSERT INTO marks VALUES ($1)", mark);
        one.deadline(std::chrono::seconds(30));
        const auto got = co_await through.get().submit(group_, std::move(one));
        if (got.outcome == outcome::committed) ++committed_;
        const std::lock_guard lock(mutex_);
        ++answered_by_[writer];
        answers_.push_back({mark, got.outcome, got.why ? got.why->message : std::string()});
    }
    --writing_;
}

void load::stop() {
    stopping_ = true;
    wait_until(
        "every writer has its last answer", [this] { return writing_ == 0; }, limit::recovery);
}

void load::wait_for_more(std::size_t more) const {
    wait_until(
        "writes go on", [this, enough = committed() + more] { return committed() > enough; }, limit::writes);
}

void load::wait_for_everyone() const {
    const auto counts = [this] {
        const std::lock_guard lock(mutex_);
        return answered_by_;
    };
    wait_until(
        "every writer goes on", [&, before = counts()] { return std::ranges::equal(before, counts(), std::less()); },
        limit::writes);
}

std::size_t load::rejected() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(answers_, outcome::rejected, &answered::outcome));
}

std::size_t load::unknown() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(answers_, outcome::unknown, &answered::outcome));
}

std::vector<std::string> load::reasons() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> reasons;
    for (const auto& one : answers_) {
        if (one.outcome != outcome::committed) reasons.push_back(one.mark + ": " + one.why);
    }
    return reasons;
}

std::string load::audit(postgres_server& server, const std::string& database) const {
    std::map<std::string, int> found;
    for (const auto& row : server.exec("SELECT mark FROM marks", database)) ++found[row[0].as<std::string>()];
    std::string wrong;
    const std::lock_guard lock(mutex_);
    for (const auto& one : answers_) {
        const auto at = found.find(one.mark);
        const int times = at == found.end() ? 0 : at->second;
        const bool honest = (one.outcome == outcome::committed && times == 1) ||
                            (one.outcome == outcome::rejected && times == 0) ||
                            (one.outcome == outcome::unknown && times <= 1);
        if (!honest) {
            wrong += one.mark + " was answered " + std::string(to_string(one.outcome)) + " and is there " +
                     std::to_string(times) + " times\n";
        }
    }
    const auto marks = server.exec("SELECT count(*) FROM marks", database)[0][0].as<long>();
    const auto counter = server.exec("SELECT n FROM counter WHERE id = 1", database)[0][0].as<long>();
    if (marks != counter) {
        wrong += "the counter says " + std::to_string(counter) + ", there are " + std::to_string(marks) + " marks\n";
    }
    return wrong;
}

}  // namespace penholder::testing
