#include "daemons.hpp"

#include "support/patience.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace penholder::testing {
namespace {

namespace json = boost::json;

std::string loopback(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

}  // namespace

daemons::daemons(int count) : postgres({.fsync = true}), daemons_(static_cast<std::size_t>(count)) {
    postgres.create_database("orders");
    postgres.exec("CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL); INSERT INTO stock VALUES (1, 100)",
                  "orders");
    const auto made = cli::run_cli({"init", "--database", database()});
    if (made.code != 0) throw std::runtime_error("init: " + made.err);
    for (daemon& each : daemons_) {
        each.link = free_port();
        each.http = free_port();
    }
    for (int number = 1; number <= count; ++number) {
        configure(number);
        start(number);
    }
}

void daemons::configure(int number) {
    const daemon& one = daemons_.at(static_cast<std::size_t>(number - 1));
    std::ofstream(config(number)) << "[node]\nname = \"orders-" << number << "\"\n"
                                  << "[zookeeper]\nhosts = \"" << zookeeper.connect_string()
                                  << "\"\nsession_timeout_ms = 4000\n"
                                  << "[link]\nlisten = \"" << loopback(one.link) << "\"\n"
                                  << "[http]\nlisten = \"" << loopback(one.http) << "\"\n"
                                  << "[[group]]\nname = \"orders\"\ndatabase = \"" << database() << "\"\n";
}

std::string daemons::config(int number) const {
    return (folder_ / ("orders-" + std::to_string(number) + ".toml")).string();
}

std::string daemons::url(int number) const {
    return "http://" + loopback(daemons_.at(static_cast<std::size_t>(number - 1)).http);
}

void daemons::start(int number) {
    process_options options;
    options.command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", config(number)};
    options.log_file = folder_ / ("orders-" + std::to_string(number) + ".log");
    process_of(number).emplace(std::move(options));
}

void daemons::stop(int number) {
    process_of(number)->send(SIGTERM);
    process_of(number)->wait();
    process_of(number).reset();
}

void daemons::kill(int number) {
    process_of(number)->kill();
    process_of(number).reset();
}

cli::ended daemons::ask(std::vector<std::string> words, const std::string& input) {
    return cli::run_cli(words, input, {{"PENHOLDER_ZOOKEEPER", zookeeper.connect_string()}});
}

bool daemons::all_follow(std::uint64_t term) {
    const auto seen = json::parse(ask({"status", "-o", "json"}).out);
    const auto& group = seen.at("groups").at(0);
    const auto running = std::ranges::count_if(daemons_, [](const daemon& each) { return each.running.has_value(); });
    const auto& members = group.at("members").as_array();
    const bool settled = group.at("term").to_number<std::uint64_t>() == term && group.at("warnings").as_array().empty();
    const bool well = std::ranges::all_of(members, [](const auto& each) { return each.at("health") == "ok"; });
    return settled && well && std::cmp_equal(members.size(), running);
}

int daemons::wait_for_leader(std::uint64_t after) {
    int leader = 0;
    wait_until(
        "a leader that everybody follows",
        [&] {
            const auto answer = ask({"leader", "-g", "orders", "-o", "json"});
            if (answer.code != 0) return false;
            const auto value = json::parse(answer.out).at(0).at("leader");
            const auto now = value.at("term").to_number<std::uint64_t>();
            if (now <= after || value.at("phase") != "serving" || !all_follow(now)) return false;
            leader = std::stoi(std::string(value.at("node").as_string()).substr(7));
            return true;
        },
        std::chrono::seconds(30));
    return leader;
}

std::uint64_t daemons::term() {
    const auto answer = ask({"leader", "-g", "orders", "-o", "json"});
    return json::parse(answer.out).at(0).at("leader").at("term").to_number<std::uint64_t>();
}

daemons& three_daemons() {
    static daemons all(3);
    all.wait_for_leader();
    return all;
}

}  // namespace penholder::testing
