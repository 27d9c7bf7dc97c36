#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <future>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Stands in for systemd's end of NOTIFY_SOCKET.
class notify_socket {
public:
    notify_socket()
        : path_((directory_ / "notify").string()), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.copy(address.sun_path, sizeof address.sun_path - 1);
        if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            throw std::system_error(errno, std::generic_category(), "bind " + path_);
        }
    }
    ~notify_socket() { ::close(socket_); }
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;

    bool hears(const std::string& text) {
        return eventually([&] {
            std::array<char, 4096> piece;
            const auto count = ::recv(socket_, piece.data(), piece.size(), 0);
            if (count > 0) heard_.append(piece.data(), static_cast<std::size_t>(count)).append("\n");
            return heard_.find(text) != std::string::npos;
        });
    }
    const std::string& path() const { return path_; }

private:
    temporary_directory directory_;
    std::string path_;
    int socket_;
    std::string heard_;
};

std::string written(const temporary_directory& in, const std::string& text) {
    const auto path = (in / "p.toml").string();
    std::ofstream(path) << text;
    return path;
}

}  // namespace

TEST_CASE("with neither ensemble nor database the daemon is live, not ready, and says why") {
    running_daemon daemon({.database = "host=127.0.0.1 port=1 dbname=x"});
    daemon.wait_until_live();
    const auto ready = daemon.get("/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.text("code") == "not_ready");
    CHECK_THAT(ready.text("detail"), ContainsSubstring("group orders") && ContainsSubstring("ensemble"));
    CHECK(daemon.get("/leader").status == 503);
    CHECK(daemon.get("/follower").status == 503);
    const auto write =
        daemon.post("/v1/groups/orders/writes", R"({"statements":[{"sql":"SELECT 1"}],"deadline_ms":200})");
    CHECK(write.status == 503);
    CHECK(write.headers.at("retry-after") == "1");
    CHECK(write.text("outcome") == "rejected");
    CHECK(daemon.get("/livez").status == 200);
    daemon.running().send(SIGTERM);
    CHECK(daemon.running().wait() == 0);
}

TEST_CASE("an ensemble that comes up later makes the daemon ready") {
    zookeeper_server ensemble;
    ensemble.stop();
    running_daemon daemon({.hosts = ensemble.connect_string()});
    daemon.wait_until_live();
    CHECK(daemon.get("/readyz").status == 503);
    ensemble.start();
    CHECK(eventually([&] { return daemon.get("/readyz").status == 200; }, std::chrono::seconds(30)));
}

TEST_CASE("losing the ensemble fails neither liveness nor writes") {
    zookeeper_server ensemble;
    auto how = leading_plan();
    how.hosts = ensemble.connect_string();
    running_daemon daemon(how);
    daemon.wait_until_ready();
    ensemble.kill();
    CHECK(eventually([&] { return daemon.get("/v1/status").text("ensemble_connected") == "false"; }));
    CHECK(daemon.get("/livez").status == 200);
    CHECK(daemon.get("/readyz").status == 200);
    CHECK(daemon.post("/v1/groups/orders/writes", R"({"statements":[{"sql":"SELECT 1"}]})").status == 200);
}

TEST_CASE("SIGTERM answers a write under way, gives up the leadership and exits 0") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const std::string sleeps = R"~({"statements":[{"sql":"SELECT pg_sleep(0.5) AS under_way"}]})~";
    auto slow = std::async(std::launch::async, [&] { return daemon.post("/v1/groups/orders/writes", sleeps); });
    const std::string look = "SELECT FROM pg_stat_activity WHERE query LIKE '%AS under\\_way' AND state = 'active'";
    REQUIRE(eventually([&] { return !shared_postgres().exec(look).empty(); }));
    daemon.running().send(SIGTERM);
    CHECK(daemon.running().wait() == 0);
    const auto answered = slow.get();
    INFO(answered.body << daemon.log());
    CHECK(answered.status == 200);
    CHECK_THAT(daemon.log(), ContainsSubstring("stopping node=orders-1 signal=SIGTERM"));
}

TEST_CASE("systemd hears that the daemon is ready, what it does, and that it stops") {
    notify_socket systemd;
    auto how = leading_plan();
    how.environment = {"NOTIFY_SOCKET=" + systemd.path(), "WATCHDOG_USEC=200000"};
    running_daemon daemon(how);
    CHECK(systemd.hears("READY=1"));
    CHECK(systemd.hears("STATUS=orders: leader in term 1"));
    CHECK(systemd.hears("WATCHDOG=1"));
    daemon.running().send(SIGTERM);
    CHECK(systemd.hears("STOPPING=1"));
    CHECK(daemon.running().wait() == 0);
}

TEST_CASE("SIGHUP opens the log anew") {
    const temporary_directory logs;
    const auto path = (logs / "penholderd.log").string();
    running_daemon daemon({.more = "[log]\nfile = \"" + path + "\"\nformat = \"json\"\n"});
    daemon.wait_until_live();
    std::filesystem::rename(path, path + ".1");
    daemon.running().send(SIGHUP);
    CHECK(eventually([&] { return std::filesystem::exists(path) && std::filesystem::file_size(path) > 0; }));
    CHECK(daemon.get("/livez").status == 200);
}

TEST_CASE("a configuration that is fine is shown with its time-outs") {
    const auto checked = run_penholderd({"--config", PENHOLDER_SOURCE_DIR "/config/penholderd.toml", "--check-config"});
    CHECK(checked.code == 0);
    CHECK_THAT(checked.output, ContainsSubstring("is fine") && ContainsSubstring("zookeeper.session_timeout_ms"));
}

TEST_CASE("names that the database does not have are warned of at --check-config, and those that it has are not") {
    const auto how = leading_plan();
    const auto database = how.root.substr(1);
    shared_postgres().exec("CREATE FUNCTION public.audit() RETURNS int LANGUAGE sql AS 'SELECT 1'", database);
    const temporary_directory folder;
    const auto checked = [&](const std::string& conninfo) {
        const auto path = written(folder,
                                  "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"127.0.0.1:1\"\n[[group]]\nname = "
                                  "\"orders\"\ndatabase = \"" +
                                      conninfo +
                                      "\"\nharmless_functions = [\"public.audit\", \"public.audti\"]\n"
                                      "no_version_columns = [\"public.stock.qty\", \"public.stock.qyt\"]\n");
        return run_penholderd({"--config", path, "--check-config"});
    };
    const auto found = checked(how.database);
    INFO(found.output);
    CHECK(found.code == 0);
    CHECK_THAT(found.output,
               ContainsSubstring("harmless_functions: names what this database does not have: public.audti\n"));
    CHECK_THAT(found.output,
               ContainsSubstring("no_version_columns: names what this database does not have: public.stock.qyt\n"));
    const auto unreached = checked("host=127.0.0.1 port=1 dbname=x");
    CHECK(unreached.code == 0);
    CHECK_THAT(unreached.output, ContainsSubstring("were not looked for"));
}

TEST_CASE("a connection string that libpq cannot read is refused at --check-config") {
    const temporary_directory folder;
    const auto path = written(folder,
                              "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"127.0.0.1:1\"\n[[group]]\nname = "
                              "\"orders\"\ndatabase = \"hots=db dbname=orders\"\n");
    const auto refused = run_penholderd({"--config", path, "--check-config"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.output,
               ContainsSubstring(path + ":7:12: 'group.database'") && ContainsSubstring("invalid connection option"));
}

TEST_CASE("a configuration with mistakes is refused with all of them, at --check-config and at start") {
    const temporary_directory folder;
    const auto path = written(folder, "[node]\nname = 5\n[zookeper]\n[[group]]\nname = \"g\"\nobservr = true\n");
    for (const auto& arguments : {std::vector<std::string>{"--config", path, "--check-config"}, {"--config", path}}) {
        const auto refused = run_penholderd(arguments);
        CHECK(refused.code == 1);
        CHECK_THAT(refused.output, ContainsSubstring(path + ":2:8: 'node.name' is an integer, expected a string"));
        CHECK_THAT(refused.output, ContainsSubstring(path + ":3:2: ") && ContainsSubstring("'zookeeper'?"));
        CHECK_THAT(refused.output, ContainsSubstring(path + ":6:1: ") && ContainsSubstring("'observer'?"));
    }
    CHECK(run_penholderd({"--config", "/nonexistent"}).code == 1);
    CHECK_THAT(run_penholderd({"--config", "/tmp"}).output, ContainsSubstring("/tmp: is a directory"));
}

TEST_CASE("wrong usage exits 2, help and version exit 0") {
    CHECK(run_penholderd({}).code == 2);
    CHECK(run_penholderd({"--nonsense"}).code == 2);
    CHECK(run_penholderd({"--help"}).code == 0);
    const auto version = run_penholderd({"--version"});
    CHECK(version.code == 0);
    CHECK_THAT(version.output, ContainsSubstring("penholderd 0.1.0"));
}

TEST_CASE("an address that is taken ends the daemon with a clear error") {
    running_daemon first({});
    first.wait_until_live();
    const auto second = run_penholderd({"--config", first.config_path()});
    CHECK(second.code == 1);
    CHECK_THAT(second.output, ContainsSubstring("http.listen: cannot listen on 127.0.0.1:"));
}
