#include "support/certificates.hpp"
#include "support/temporary_directory.hpp"
#include "support/zookeeper_server.hpp"
#include "unit/cli/console.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>

namespace {

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;
using penholder::cli::run_cli;

TEST_CASE("the command reaches an ensemble that speaks TLS only, by flags, variables and configuration") {
    const certificate_authority ours;
    const certificate_authority clients;
    const auto own = clients.issue_to("operator");
    const zookeeper_server server(zookeeper_tls{ours.issue_to_loopback(), clients.certificate(), true, own});
    const temporary_directory files;
    const auto put = [&](const std::string& name, const std::string& text) {
        replace_file(files / name, text);
        return (files / name).string();
    };
    const auto ca = put("ca", ours.certificate());
    const auto crt = put("crt", own.certificate);
    const auto key = put("key", own.key);
    const auto where = server.connect_string();
    const auto by_flags = run_cli(
        {"doctor", "-z", where, "--zookeeper-ca-file", ca, "--zookeeper-cert-file", crt, "--zookeeper-key-file", key});
    INFO(by_flags.out << by_flags.err);
    CHECK_THAT(by_flags.out, ContainsSubstring("server " + where + "  standalone, version 3"));
    CHECK_THAT(by_flags.out, ContainsSubstring("ensemble  answers"));
    const auto by_variables = run_cli({"doctor"}, {},
                                      {{"PENHOLDER_ZOOKEEPER", where},
                                       {"PENHOLDER_ZOOKEEPER_CA_FILE", ca},
                                       {"PENHOLDER_ZOOKEEPER_CERT_FILE", crt},
                                       {"PENHOLDER_ZOOKEEPER_KEY_FILE", key}});
    CHECK_THAT(by_variables.out, ContainsSubstring("ensemble  answers"));
    std::ofstream(files / "penholderd.toml")
        << "[node]\nname = \"orders-1\"\n[zookeeper]\nhosts = \"" << where << "\"\ntls_ca_file = \"" << ca
        << "\"\ntls_cert_file = \"" << crt << "\"\ntls_key_file = \"" << key << "\"\n[[group]]\nname = \"orders\"\n";
    const auto by_file = run_cli({"doctor", "-c", (files / "penholderd.toml").string(), "-t", "10s"});
    CHECK_THAT(by_file.out, ContainsSubstring("ensemble  answers"));

    // Without what the server wants, and with another authority.
    const auto without = run_cli({"doctor", "-z", where, "--zookeeper-ca-file", ca, "-t", "3s"});
    CHECK(without.code != 0);
    CHECK_THAT(without.out, ContainsSubstring("it refuses a node without a certificate"));
    put("ca", clients.certificate());
    const auto other = run_cli({"doctor", "-c", (files / "penholderd.toml").string(), "-t", "3s"});
    CHECK(other.code != 0);
    CHECK_THAT(other.out, ContainsSubstring("zookeeper.tls_ca_file holds the certificate of its authority"));
    const auto half = run_cli({"status", "-z", where, "--zookeeper-ca-file", ca, "--zookeeper-cert-file", crt});
    CHECK(half.code == 2);
    CHECK_THAT(half.err, ContainsSubstring("belong together"));
}

}  // namespace
