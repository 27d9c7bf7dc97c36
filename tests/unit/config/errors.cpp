#include "config/configuration.hpp"

#include <penholder/option_problem.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

using namespace penholder;
using namespace penholder::config;
using Catch::Matchers::ContainsSubstring;

namespace {

const environment no_variables = [](const std::string&) { return std::nullopt; };

const std::string least =
    "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"127.0.0.1:2181\"\n[[group]]\nname = \"orders\"\n";

std::string failure(const std::string& text) {
    const auto settings = parse(text, "p.toml", no_variables);
    REQUIRE_FALSE(settings.has_value());
    return settings.error().message;
}

}  // namespace

TEST_CASE("the least that runs a node is a name, an ensemble and a group") {
    CHECK(parse(least, "p.toml", no_variables).has_value());
}

TEST_CASE("malformed TOML is shown with its line and column") {
    CHECK_THAT(failure("[node]\nname = \n"), ContainsSubstring("p.toml:2:8: this is no TOML"));
}

TEST_CASE("an unknown key is shown with its line, its column and the key that was meant") {
    CHECK_THAT(failure(least + "observr = true\n"),
               ContainsSubstring("p.toml:7:1: there is no key 'observr' in [group]; did you mean 'observer'?"));
    CHECK_THAT(failure("colour = 1\n" + least),
               ContainsSubstring("p.toml:1:1: there is no table or key 'colour' here"));
    CHECK_THAT(failure(least + "[zookeper]\n"), ContainsSubstring("did you mean 'zookeeper'?"));
}

TEST_CASE("a wrong type says what was found and what was expected") {
    CHECK_THAT(failure(least + "priority = \"high\"\n"),
               ContainsSubstring("p.toml:7:12: 'group.priority' is a string, expected an integer"));
    CHECK_THAT(failure(least + "observer = 1\n"),
               ContainsSubstring("p.toml:7:12: 'group.observer' is an integer, expected true or false"));
    CHECK_THAT(failure("[node]\nname = 5\n"),
               ContainsSubstring("p.toml:2:8: 'node.name' is an integer, expected a string"));
    CHECK_THAT(failure("node = 5\n"), ContainsSubstring("'node' is an integer, expected a table"));
    CHECK_THAT(failure("[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\n[group]\nname = \"orders\"\n"),
               ContainsSubstring("p.toml:5:1: 'group' is a table, expected tables; write [[group]]"));
}

TEST_CASE("a number out of range is refused with its range") {
    CHECK_THAT(failure(least + "batch_max_writes = 0\n"),
               ContainsSubstring("p.toml:7:20: 'group.batch_max_writes' is 0, expected 1 to 10000"));
    CHECK_THAT(failure(least + "[link]\nping_interval_ms = -1\n"), ContainsSubstring("expected 10 to 60000"));
    CHECK_THAT(
        failure(least + "[log]\nlevel = \"loud\"\n"),
        ContainsSubstring("p.toml:8:9: 'log.level' is 'loud', expected one of trace|debug|info|warning|error|off"));
}

TEST_CASE("all problems are reported together") {
    const auto text = failure("[node]\n[zookeeper]\nhosts = \"h:1/path\"\n[[group]]\nname = \"a/b\"\n");
    CHECK_THAT(text, ContainsSubstring("p.toml:1:1: 'node.name' is missing"));
    CHECK_THAT(text, ContainsSubstring("p.toml:3:9: 'zookeeper.hosts' has a path in it"));
    CHECK_THAT(text, ContainsSubstring("p.toml:5:8: group 'a/b' is no valid name"));
}

TEST_CASE("what is required and absent is named") {
    const auto text = failure("");
    CHECK_THAT(text, ContainsSubstring("p.toml: the table [node] is missing"));
    CHECK_THAT(text, ContainsSubstring("p.toml: the table [zookeeper] is missing"));
    CHECK_THAT(text, ContainsSubstring("p.toml: there is no [[group]]"));
}

TEST_CASE("a link that strangers can reach needs a secret") {
    CHECK_THAT(failure(least + "[link]\nlisten = \"10.0.0.1:7431\"\n"),
               ContainsSubstring("p.toml:8:10: 'link.listen' is 10.0.0.1:7431, which strangers can reach"));
    CHECK(parse(least + "[link]\nlisten = \"10.0.0.1:7431\"\nsecret = \"s\"\n", "p.toml", no_variables).has_value());
    CHECK_THAT(failure(least + "[link]\nlisten = \"0.0.0.0:7431\"\nsecret = \"s\"\n"),
               ContainsSubstring("set link.advertise"));
}

TEST_CASE("HTTP that strangers can reach needs a token") {
    CHECK_THAT(failure(least + "[http]\nlisten = \"10.0.0.1:80\"\n"), ContainsSubstring("there is no http.token"));
    CHECK(parse(least + "[http]\nlisten = \"unix:/run/penholder/o.sock\"\n", "p.toml", no_variables).has_value());
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.evil.example:80\"\n"),
               ContainsSubstring("there is no http.token"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"unix:relative\"\n"), ContainsSubstring("unix:/absolute/path"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1\"\n"), ContainsSubstring("'127.0.0.1' is no address"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1:99999\"\n"), ContainsSubstring("port from 0 to 65535"));
}

TEST_CASE("an address of HTTP's that others are told of is one that they can connect to") {
    const auto told = [](const std::string& keys) { return failure(least + "[http]\n" + keys); };
    for (const std::string nobodys : {"0.0.0.0:80", "[::]:80", "10.0.0.1:0"}) {
        INFO(nobodys);
        CHECK_THAT(told("listen = \"127.0.0.1:80\"\nadvertise = \"" + nobodys + "\"\n"),
                   ContainsSubstring("p.toml:9:13: 'http.advertise' is " + nobodys + ", which nobody can connect to"));
    }
    CHECK_THAT(told("listen = \"127.0.0.1:80\"\nadvertise = \"here\"\n"), ContainsSubstring("is no address"));
    CHECK_THAT(told("listen = \"127.0.0.1:0\"\nadvertise = \"10.0.0.1:80\"\n"),
               ContainsSubstring("give it the port that http.advertise stands for"));
    const auto warned =
        parse(least + "[http]\nlisten = \"0.0.0.0:80\"\ntoken = \"0123456789abcdef\"\n", "p.toml", no_variables);
    REQUIRE(warned.has_value());
    REQUIRE(warned->warnings.size() == 2);
    CHECK_THAT(warned->warnings.front(), ContainsSubstring("set http.advertise"));
    CHECK_THAT(warned->warnings.back(), ContainsSubstring("HTTP is in plain text"));
}

TEST_CASE("a port in a connection string that is none is refused, and nothing of a password told") {
    const auto told = [](const std::string& database) { return failure(least + "database = \"" + database + "\"\n"); };
    CHECK_THAT(told("host=db port=abc"), ContainsSubstring("option \"port\" is no port"));
    for (const std::string given : {"postgresql://u:SEKRIT/x@host/db", "password=my SEKRIT=1"}) {
        INFO(given);
        CHECK_THAT(told(given), ContainsSubstring("p.toml:") && !ContainsSubstring("SEKRIT"));
    }
}

TEST_CASE("a file for TLS to the ensemble that cannot be used is refused where it stands") {
    const auto told = [](const std::string& keys) {
        const auto settings =
            parse("[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\n" + keys + "[[group]]\nname = \"g\"\n", "p.toml",
                  no_variables);
        return settings ? std::string() : settings.error().message;
    };
    CHECK_THAT(
        told("tls_ca_file = \"/no/such/file\"\n"),
        ContainsSubstring("p.toml:5:") && ContainsSubstring("'zookeeper.tls_ca_file': the file '/no/such/file'"));
    CHECK_THAT(told("tls_cert_file = \"x\"\n"), ContainsSubstring("'zookeeper.tls_key_file' is missing") &&
                                                    ContainsSubstring("'zookeeper.tls_ca_file' is missing"));
}

TEST_CASE("a database beyond this host whose server is not proven is warned of where it stands") {
    const auto warnings = [](const std::string& database) {
        const auto settings = parse(least + "database = \"" + database + "\"\n", "p.toml", no_variables);
        REQUIRE(settings.has_value());
        return settings->warnings;
    };
    CHECK(warnings("host=/run/postgresql dbname=orders").empty());
    CHECK(warnings("host=db sslmode=verify-full").empty());
    const auto told = warnings("host=db sslmode=require password=SEKRIT");
    REQUIRE(told.size() == 1);
    CHECK_THAT(told.front(), ContainsSubstring("p.toml:") && ContainsSubstring("'group.database' connects to db") &&
                                 ContainsSubstring("sslmode=verify-full") && !ContainsSubstring("SEKRIT"));
}

TEST_CASE("TLS for HTTP needs a certificate with its key, on a port of TCP, and files that can be used") {
    const auto told = [](const std::string& keys, const std::string& listen = "127.0.0.1:80") {
        return failure(least + "[http]\nlisten = \"" + listen + "\"\n" + keys);
    };
    CHECK_THAT(told("tls_cert_file = \"x\"\n"), ContainsSubstring("'http.tls_key_file' is missing"));
    CHECK_THAT(told("tls_key_file = \"x\"\n"), ContainsSubstring("'http.tls_cert_file' is missing"));
    CHECK_THAT(told("tls_client_ca_file = \"x\"\n"),
               ContainsSubstring("p.toml:9:22: 'http.tls_client_ca_file' asks clients for certificates"));
    const std::string both = "tls_cert_file = \"/no/such/file\"\ntls_key_file = \"x\"\n";
    CHECK_THAT(told(both), ContainsSubstring("p.toml:9:17: 'http.tls_cert_file': the file '/no/such/file' cannot"));
    CHECK_THAT(told(both, "unix:/run/p.sock"), ContainsSubstring("http.listen is a unix socket"));
}

TEST_CASE("two groups of one name are refused") {
    CHECK_THAT(failure(least + "[[group]]\nname = \"orders\"\n"),
               ContainsSubstring("p.toml:8:8: there are two groups named 'orders'"));
}

TEST_CASE("times that contradict each other are refused") {
    CHECK_THAT(failure(least + "default_deadline_ms = 90000\n"), ContainsSubstring("more than group.max_deadline_ms"));
    CHECK_THAT(failure(least + "[link]\nsilence_timeout_ms = 600\n"),
               ContainsSubstring("at least twice link.ping_interval_ms"));
}

TEST_CASE("a digest without a password is refused") {
    CHECK_THAT(
        failure("[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\ndigest = \"me\"\n[[group]]\nname = \"g\"\n"),
        ContainsSubstring("p.toml:5:10: 'zookeeper.digest' has no ':'"));
}

TEST_CASE("a file that is not there is named") {
    const auto settings = read("/nonexistent/p.toml");
    REQUIRE_FALSE(settings.has_value());
    CHECK_THAT(settings.error().message, ContainsSubstring("/nonexistent/p.toml: cannot be read: No such file"));
}

TEST_CASE("an empty name is refused in the file, too, and what is missing is said once") {
    CHECK_THAT(failure("[node]\nname = \"\"\n[zookeeper]\nhosts = \"h:1\"\n[[group]]\nname = \"g\"\n"),
               ContainsSubstring("p.toml:2:8: node '' is no valid name"));
    CHECK(failure("[node]\n[zookeeper]\nhosts = \"h:1\"\n[[group]]\nname = \"g\"\n") ==
          "p.toml:1:1: 'node.name' is missing; set it");
}

TEST_CASE("the file is held to the library's own rules") {
    struct mistake {
        std::string in_file;
        void (*in_program)(options&);
    };
    const std::vector<mistake> mistakes{
        {"takeover = \"never\"\n", [](options& o) { o.groups[0].takeover = "never"; }},
        {"queue_max_bytes = 5\n", [](options& o) { o.groups[0].queue_max_bytes = 5; }},
        {"key_retention_s = 59\n", [](options& o) { o.groups[0].key_retention_s = 59; }},
        {"priority = 1000001\n", [](options& o) { o.groups[0].priority = 1'000'001; }},
        {"default_deadline_ms = 60001\n", [](options& o) { o.groups[0].default_deadline_ms = 60'001; }},
        {"[link]\nsilence_timeout_ms = 999\n", [](options& o) { o.link.silence_timeout_ms = 999; }},
        {"[link]\nlisten = \"10.0.0.1:1\"\n", [](options& o) { o.link.listen = "10.0.0.1:1"; }},
        {"[link]\nmax_frame_bytes = 4096\n", [](options& o) { o.link.max_frame_bytes = 4096; }},
        {"database = \"hots=db\"\n", [](options& o) { o.groups[0].database = "hots=db"; }},
        {"[link]\nadvertise = \"0.0.0.0:1\"\n", [](options& o) { o.link.advertise = "0.0.0.0:1"; }},
        {"[[group]]\nname = \"a b\"\n", [](options& o) { o.groups.emplace_back().name = "a b"; }},
    };
    for (const auto& [in_file, in_program] : mistakes) {
        options given;
        given.name = "a";
        given.zookeeper.hosts = "127.0.0.1:2181";
        given.groups.emplace_back().name = "orders";
        in_program(given);
        const auto found = check_options(given);
        CAPTURE(in_file);
        REQUIRE_FALSE(found.empty());
        const auto told = failure(least + in_file);
        CHECK_THAT(told, ContainsSubstring("p.toml:"));
        CHECK(
            std::ranges::any_of(found, [&](const auto& each) { return told.find(each.message) != std::string::npos; }));
    }
}

TEST_CASE("a directory is named as one") {
    const auto settings = read("/tmp");
    REQUIRE_FALSE(settings.has_value());
    CHECK_THAT(settings.error().message, ContainsSubstring("/tmp: is a directory"));
}

TEST_CASE("tokens that nobody could send are refused with their line") {
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1:0\"\ntoken = \"0123456789abcdef\\nmy shop two\"\n"),
               ContainsSubstring("'http.token', line 2: expected a token, or a name and a token"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1:0\"\ntoken = \"# none\"\n"),
               ContainsSubstring("'http.token' has no token in it"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1:0\"\ntoken = \"\"\n"),
               ContainsSubstring("p.toml:9:9: 'http.token' has no token in it"));
    CHECK_THAT(failure(least + "[http]\nlisten = \"127.0.0.1:0\"\noperator_token = \"SEKRIT\"\n"),
               ContainsSubstring("a token of 6 bytes can be guessed") && !ContainsSubstring("SEKRIT"));
}
