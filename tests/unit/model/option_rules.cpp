#include "model/option_rules.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

namespace {

using namespace penholder;
using Catch::Matchers::ContainsSubstring;

options least() {
    options made;
    made.name = "orders-1";
    made.zookeeper.hosts = "127.0.0.1:2181";
    made.groups.emplace_back().name = "orders";
    return made;
}

/// What is found about the option at `path` after `spoil` has changed the options of a node that could run.
template <class Spoil>
std::string found_at(const std::string& path, Spoil spoil) {
    options given = least();
    spoil(given);
    const auto found = find_problems(given);
    const auto about = std::ranges::find(found, path, &option_problem::path);
    return about == found.end() ? std::string() : about->message;
}

TEST_CASE("the least that runs a node is a name, an ensemble and a group") {
    CHECK(find_problems(least()).empty());
    CHECK(as_result(find_problems(least())).has_value());
}

TEST_CASE("what is required is named where it is missing") {
    const auto found = find_problems(options{});
    CHECK(found.size() == 3);
    for (const auto* path : {"node.name", "zookeeper.hosts", "group"}) {
        const auto about = std::ranges::find(found, path, &option_problem::path);
        CAPTURE(path);
        REQUIRE(about != found.end());
        CHECK(about->is_absent);
    }
}

TEST_CASE("a number out of range is refused with its range") {
    CHECK(found_at("group[0].batch_max_writes", [](options& o) { o.groups[0].batch_max_writes = 0; }) ==
          "'group.batch_max_writes' is 0, expected 1 to 10000");
    CHECK_THAT(found_at("link.ping_interval_ms", [](options& o) { o.link.ping_interval_ms = -1; }),
               ContainsSubstring("expected 10 to 60000"));
    CHECK_THAT(found_at("link.max_links", [](options& o) { o.link.max_links = SIZE_MAX; }),
               ContainsSubstring("expected 1 to 1000000"));
    CHECK_THAT(found_at("zookeeper.session_timeout_ms", [](options& o) { o.zookeeper.session_timeout_ms = 99; }),
               ContainsSubstring("'zookeeper.session_timeout_ms' is 99, expected 100 to 600000"));
}

TEST_CASE("a certificate for the ensemble comes with its key and with whom the servers are believed by") {
    CHECK(found_at("zookeeper.tls_ca_file", [](options& o) { o.zookeeper.tls_ca_file = "ca.crt"; }).empty());
    const auto with = [](const std::string& path, std::string ca, std::string certificate, std::string key) {
        return found_at(path, [&](options& o) {
            o.zookeeper.tls_ca_file = std::move(ca);
            o.zookeeper.tls_cert_file = std::move(certificate);
            o.zookeeper.tls_key_file = std::move(key);
        });
    };
    CHECK(with("zookeeper.tls_ca_file", "ca.crt", "node.crt", "node.key").empty());
    CHECK_THAT(with("zookeeper.tls_ca_file", "", "node.crt", "node.key"), ContainsSubstring("is missing"));
    CHECK_THAT(with("zookeeper.tls_key_file", "ca.crt", "node.crt", ""), ContainsSubstring("is missing"));
    CHECK_THAT(with("zookeeper.tls_cert_file", "ca.crt", "", "node.key"), ContainsSubstring("is missing"));
}

TEST_CASE("names in the catalogue have their parts, between dots") {
    const auto functions = [](std::string name) {
        return found_at("group[0].harmless_functions", [&](options& o) {
            o.groups[0].harmless_functions = {"public.fine", name};
        });
    };
    CHECK(functions("public.audit").empty());
    CHECK(functions("audit") == "'group.harmless_functions' has 'audit', expected \"schema.name\"");
    CHECK_FALSE(functions("public.").empty());
    CHECK_FALSE(functions("a.b.c").empty());
    CHECK_FALSE(functions("").empty());
    const auto columns = [](std::string name) {
        return found_at("group[0].no_version_columns",
                        [&](options& o) { o.groups[0].no_version_columns = {std::move(name)}; });
    };
    CHECK(columns("public.orders.updated_at").empty());
    CHECK(columns("orders.updated_at") ==
          "'group.no_version_columns' has 'orders.updated_at', expected \"schema.table.column\"");
}

TEST_CASE("a receipt fits a frame") {
    const auto found = found_at("group[0].max_receipt_bytes",
                                [](options& o) { o.groups[0].max_receipt_bytes = o.link.max_frame_bytes; });
    CHECK_THAT(found, ContainsSubstring("expected less than link.max_frame_bytes (16777216)"));
}

TEST_CASE("the kind of takeover is one of two") {
    CHECK_THAT(found_at("group[0].takeover", [](options& o) { o.groups[0].takeover = "on_a_whim"; }),
               ContainsSubstring("'on_a_whim', expected one of on_process_death|on_session_expiry"));
}

TEST_CASE("a silent link is cut after at least two pings") {
    const auto silence = [](int ping_ms, int silence_ms) {
        return found_at("link.silence_timeout_ms", [=](options& o) {
            o.link.ping_interval_ms = ping_ms;
            o.link.silence_timeout_ms = silence_ms;
        });
    };
    CHECK(silence(100, 200).empty());
    CHECK_THAT(silence(100, 199), ContainsSubstring("at least twice link.ping_interval_ms (100)"));
}

TEST_CASE("a link that others can reach needs a secret, and an address that can be connected to") {
    CHECK_THAT(found_at("link.listen", [](options& o) { o.link.listen = "10.0.0.1:7431"; }),
               ContainsSubstring("there is no link.secret"));
    CHECK_THAT(found_at("link.listen",
                        [](options& o) {
                            o.link.listen = "0.0.0.0:7431";
                            o.link.secret = "s";
                        }),
               ContainsSubstring("set link.advertise"));
    CHECK_THAT(found_at("link.listen", [](options& o) { o.link.listen = "localhost"; }),
               ContainsSubstring("is no address"));
}

TEST_CASE("links are protected by one secret or by certificates, whole and never both") {
    const auto with = [](const std::string& path, auto spoil) { return found_at(path, spoil); };
    const auto certificates = [](options& o) {
        o.link.tls_cert_file = "node.crt";
        o.link.tls_key_file = "node.key";
        o.link.tls_ca_file = "ca.crt";
    };
    const auto beyond = [&](options& o) {
        certificates(o);
        o.link.listen = "10.0.0.1:7431";
    };
    CHECK(with("link.tls_cert_file", certificates).empty());
    CHECK(with("link.listen", beyond).empty());
    CHECK_THAT(with("link.tls_key_file", [](options& o) { o.link.tls_cert_file = "node.crt"; }),
               ContainsSubstring("'link.tls_key_file' is missing"));
    CHECK_THAT(with("link.tls_cert_file", [](options& o) { o.link.tls_ca_file = "ca.crt"; }),
               ContainsSubstring("'link.tls_cert_file' is missing"));
    for (auto secret : {&link_options::secret, &link_options::secret_file}) {
        CHECK_THAT(with("link.tls_cert_file",
                        [&](options& o) {
                            certificates(o);
                            o.link.*secret = "s";
                        }),
                   ContainsSubstring("keep one"));
    }
    CHECK_THAT(with("link.secret_file",
                    [](options& o) {
                        o.link.secret = "s";
                        o.link.secret_file = "file";
                    }),
               ContainsSubstring("are both set"));
}

TEST_CASE("what others are told to connect to is an address that they can connect to") {
    for (const std::string nobodys : {"0.0.0.0:7431", "[::]:7431", "10.0.0.1:0"}) {
        INFO(nobodys);
        CHECK_THAT(found_at("link.advertise", [&](options& o) { o.link.advertise = nobodys; }),
                   ContainsSubstring("which nobody can connect to"));
        CHECK_THAT(found_at("http_endpoint", [&](options& o) { o.http_endpoint = nobodys; }),
                   ContainsSubstring("which nobody can connect to"));
    }
    CHECK_THAT(found_at("http_endpoint", [](options& o) { o.http_endpoint = "here"; }),
               ContainsSubstring("is no address"));
    CHECK(found_at("http_endpoint", [](options& o) { o.http_endpoint = "unix:/run/penholder.sock"; }).empty());
    CHECK(found_at("http_endpoint", [](options& o) { o.http_endpoint = "10.0.0.1:7432"; }).empty());
    CHECK(found_at("http_endpoint", [](options& o) { o.http_endpoint = "https://10.0.0.1:7432"; }).empty());
    CHECK_FALSE(found_at("http_endpoint", [](options& o) { o.http_endpoint = "https://0.0.0.0:7432"; }).empty());
}

TEST_CASE("a port that others are told of is not left to chance") {
    const auto listen = [](const std::string& address) {
        return found_at("link.listen", [&](options& o) {
            o.link.listen = address;
            o.link.advertise = "10.0.0.1:7431";
        });
    };
    CHECK_THAT(listen("127.0.0.1:0"), ContainsSubstring("give it the port that link.advertise stands for"));
    CHECK(listen("127.0.0.1:7431").empty());
}

TEST_CASE("times that contradict each other are refused") {
    CHECK_THAT(found_at("group[0].default_deadline_ms", [](options& o) { o.groups[0].default_deadline_ms = 60'001; }),
               ContainsSubstring("more than group.max_deadline_ms (60000)"));
    CHECK_THAT(found_at("group[0].key_retention_s",
                        [](options& o) {
                            o.groups[0].max_deadline_ms = 120'000;
                            o.groups[0].key_retention_s = 119;
                        }),
               ContainsSubstring("could be forgotten while it is still being asked for"));
}

TEST_CASE("the ensemble's address, root and digest have a form") {
    CHECK_THAT(found_at("zookeeper.hosts", [](options& o) { o.zookeeper.hosts = "h:1/path"; }),
               ContainsSubstring("has a path in it"));
    CHECK_THAT(found_at("zookeeper.hosts", [](options& o) { o.zookeeper.hosts = "a:1,b"; }),
               ContainsSubstring("'b' is no address"));
    CHECK_THAT(found_at("zookeeper.root", [](options& o) { o.zookeeper.root = "/"; }),
               ContainsSubstring("expected a path such as /penholder"));
    CHECK_THAT(found_at("zookeeper.digest", [](options& o) { o.zookeeper.digest = "me"; }),
               ContainsSubstring("has no ':'"));
}

TEST_CASE("two groups of one name are refused") {
    CHECK_THAT(found_at("group[1].name", [](options& o) { o.groups.emplace_back().name = "orders"; }),
               ContainsSubstring("two groups named 'orders'"));
}

TEST_CASE("all problems are one error, which says of which group") {
    options given = least();
    given.groups.emplace_back().name = "a/b";
    given.link.max_links = 0;
    const auto checked = as_result(find_problems(given));
    REQUIRE(checked.has_error());
    CHECK(checked.error().code == errc::invalid_configuration);
    CHECK_THAT(checked.error().message, ContainsSubstring("'link.max_links' is 0") &&
                                            ContainsSubstring("\ngroup[1].name: group 'a/b' is no valid name"));
}

}  // namespace
