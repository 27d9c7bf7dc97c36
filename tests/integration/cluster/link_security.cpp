// Real sidecars whose links are protected by a secret or by certificates: takeovers, and what rotates under load.
#include "sidecars.hpp"
#include "support/certificates.hpp"
#include "support/temporary_directory.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <csignal>
#include <thread>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

/// Each sidecar's secrets or certificates, in files of its own.
class link_files {
public:
    std::filesystem::path of(const std::string& node, const std::string& file) const {
        std::filesystem::create_directories(directory_.path() / node);
        return directory_.path() / node / file;
    }

    std::string secret_of(const std::string& node, const std::string& secrets) const {
        replace_file(of(node, "secret"), secrets);
        return "secret_file = \"" + of(node, "secret").string() + "\"\n";
    }

    std::string certificate_of(const std::string& node, const certificate_authority& from,
                               std::chrono::seconds ends = std::chrono::hours(90 * 24)) const {
        const auto own = from.issue({.dns_names = {node}, .ends = ends});
        replace_file(of(node, "key"), own.key);
        replace_file(of(node, "crt"), own.certificate, 0644);
        replace_file(of(node, "ca"), from.certificate(), 0644);
        return "tls_cert_file = \"" + of(node, "crt").string() + "\"\ntls_key_file = \"" + of(node, "key").string() +
               "\"\ntls_ca_file = \"" + of(node, "ca").string() + "\"\n";
    }

private:
    temporary_directory directory_;
};

/// Writers through every sidecar, each write a mark of its own, and how many of them were answered otherwise.
class http_load {
public:
    explicit http_load(sidecars& through) {
        for (std::size_t i = 0; i < through.all.size(); ++i) {
            for (int k = 0; k < 2; ++k) {
                const auto who = "w" + std::to_string(i) + std::to_string(k) + "-";
                writers_.emplace_back([this, who, port = through.all[i]->http_port()] { write_on(who, port); });
            }
        }
    }
    ~http_load() { stop(); }
    http_load(const http_load&) = delete;
    http_load& operator=(const http_load&) = delete;

    void wait_for_more(std::size_t more = 100) const {
        const std::size_t before = committed;
        wait_until("writes are committed", [&] { return committed >= before + more; });
    }

    void stop() {
        stopping_ = true;
        for (auto& one : writers_) one.join();
        writers_.clear();
    }

    std::atomic<std::size_t> committed = 0;
    std::atomic<std::size_t> failed = 0;

private:
    void write_on(const std::string& who, std::uint16_t port) {
        http_client client(port);
        for (int i = 0; !stopping_; ++i) {
            const auto mark = who + std::to_string(i);
            try {
                const auto answer = client.post(
                    "/v1/groups/orders/writes",
                    R"_({"statements":[{"sql":"INSERT INTO marks VALUES ($1)","params":[")_" + mark + R"_("]}]})_",
                    mark);
                ++(answer.status == 200 ? committed : failed);
            } catch (const std::exception&) {
                ++failed;
            }
        }
    }

    std::vector<std::thread> writers_;
    std::atomic<bool> stopping_ = false;
};

/// New links everywhere: another one leads.
void hand_over(sidecars& among) {
    const auto leader = among.wait_for_leader();
    const auto heir = "orders-" + std::to_string((leader + 1) % 3 + 1);
    const auto answer =
        http_client(among.all[leader]->http_port()).post("/v1/groups/orders/handover", R"({"to":")" + heir + R"("})");
    INFO(boost::json::serialize(answer.body));
    CHECK(answer.status == 200);
    among.wait_for_links((leader + 1) % 3);
}

void wait_for_changes(sidecars& among, std::size_t changes) {
    for (auto& one : among.all) {
        wait_until("it uses what has changed",
                   [&] { return count(one->log(), "security_changed of=links") >= changes; });
    }
}

void check_takeover(sidecars& three) {
    const auto leader = three.wait_for_leader();
    three.wait_for_links(leader);
    const auto session = three.leaders_session();
    three.all[leader]->kill();
    const auto next = three.wait_for_leader(limit::leadership, leader);
    CHECK(shared_zookeeper().has_session(session));
    CHECK_THAT(three.all[next]->log(), ContainsSubstring("leader_evicted group="));
    three.all[leader]->start();
    wait_until("the killed one follows", [&] { return three.all[leader]->role() == "follower"; });
    three.wait_for_links(next);
}

void check_marks(http_load& load, const std::string& database) {
    load.stop();
    CHECK(load.failed == 0);
    const auto rows = shared_postgres().exec("SELECT count(*), count(DISTINCT mark) FROM marks", database);
    CHECK(rows[0][0].as<std::size_t>() == load.committed);
    CHECK(rows[0][1].as<std::size_t>() == load.committed);
}

}  // namespace

TEST_CASE("with a secret in a file a killed leader is followed long before its session ends") {
    const link_files files;
    sidecars three("linked_by_secret", 30000, {},
                   [&](const std::string& node) { return files.secret_of(node, "long and random\n"); });
    check_takeover(three);
}

TEST_CASE("with certificates a killed leader is followed long before its session ends") {
    const link_files files;
    const certificate_authority ours;
    sidecars three("linked_by_certificates", 30000, {},
                   [&](const std::string& node) { return files.certificate_of(node, ours); });
    check_takeover(three);
}

TEST_CASE("secrets rotate node by node under load, and no writer notices") {
    const link_files files;
    sidecars three("rotated_secrets", 30000, {},
                   [&](const std::string& node) { return files.secret_of(node, "old\n"); });
    three.wait_for_links(three.wait_for_leader());
    http_load load(three);
    std::size_t changes = 0;
    for (const auto* secrets : {"old\nnew\n", "new\nold\n", "new\n"}) {
        INFO(secrets);
        for (std::size_t i = 0; i < three.all.size(); ++i) {
            files.secret_of("orders-" + std::to_string(i + 1), secrets);
            if (changes == 1) three.all[i]->running().send(SIGHUP);
            wait_until("it uses what has changed",
                       [&] { return count(three.all[i]->log(), "security_changed of=links") == changes + 1; });
            hand_over(three);
            load.wait_for_more();
        }
        ++changes;
    }
    // What cannot be used changes nothing and is said once.
    replace_file(files.of("orders-1", "secret"), "new\n", 0644);
    wait_until("it is said", [&] { return count(three.all[0]->log(), "security_kept of=links") == 1; });
    three.all[0]->running().send(SIGHUP);
    hand_over(three);
    load.wait_for_more();
    CHECK(count(three.all[0]->log(), "security_kept of=links") == 1);
    CHECK_THAT(three.all[0]->log(), ContainsSubstring("is open to others"));
    check_marks(load, three.database);
}

TEST_CASE("certificates and their authority rotate node by node under load, and no writer notices") {
    const link_files files;
    const certificate_authority old;
    const certificate_authority fresh;
    sidecars three("rotated_certificates", 30000, {},
                   [&](const std::string& node) { return files.certificate_of(node, old); });
    three.wait_for_links(three.wait_for_leader());
    http_load load(three);
    const auto node = [](std::size_t i) { return "orders-" + std::to_string(i + 1); };
    const auto both = old.certificate() + fresh.certificate();
    for (std::size_t i = 0; i < 3; ++i) replace_file(files.of(node(i), "ca"), both, 0644);
    wait_for_changes(three, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto own = fresh.issue_to(node(i));
        replace_file(files.of(node(i), "key"), own.key);
        replace_file(files.of(node(i), "crt"), own.certificate, 0644);
        wait_until("it uses what has changed",
                   [&] { return count(three.all[i]->log(), "security_changed of=links") == 2; });
        hand_over(three);
        load.wait_for_more();
    }
    for (std::size_t i = 0; i < 3; ++i) replace_file(files.of(node(i), "ca"), fresh.certificate(), 0644);
    wait_for_changes(three, 3);
    hand_over(three);
    load.wait_for_more();
    check_marks(load, three.database);
}

TEST_CASE("a certificate that ends soon is told by log and metrics") {
    const link_files files;
    const certificate_authority ours;
    sidecars three("ending_certificates", 2000, {}, [&](const std::string& node) {
        return files.certificate_of(node, ours, std::chrono::hours(10 * 24 + 1));
    });
    three.wait_for_leader();
    CHECK_THAT(three.all[0]->log(), ContainsSubstring("certificate_ends_soon of=links node=orders-1 days=10"));
    const auto metrics = http_client(three.all[0]->http_port()).get("/metrics").body;
    CHECK_THAT(std::string(metrics.as_string()), ContainsSubstring("\npenholder_link_certificate_ends_seconds 86"));
}

}  // namespace penholder::testing
