// The command and a node whose HTTP is HTTPS.
#include "support/certificates.hpp"
#include "support/patience.hpp"
#include "support/ports.hpp"
#include "support/process.hpp"
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

TEST_CASE("the command asks nodes by https, and none whose certificate is not that of its host and authority") {
    const certificate_authority ours;
    const certificate_authority strangers;
    const zookeeper_server server;
    const temporary_directory files;
    const auto put = [&](const std::string& name, const std::string& text) {
        replace_file(files / name, text);
        return (files / name).string();
    };
    const auto shown = ours.issue_to_loopback();
    const auto operators = ours.issue_to("operator");
    const auto ca = put("ca", ours.certificate());
    const auto other_ca = put("other-ca", strangers.certificate());
    const auto crt = put("crt", operators.certificate);
    const auto key = put("key", operators.key);
    const auto port = std::to_string(free_port());
    const auto node = "https://127.0.0.1:" + port;
    const auto config =
        put("penholderd.toml", "[node]\nname = \"orders-1\"\n[zookeeper]\nhosts = \"" + server.connect_string() +
                                   "\"\n[http]\nlisten = \"127.0.0.1:" + port + "\"\ntls_cert_file = \"" +
                                   put("node.crt", shown.certificate) + "\"\ntls_key_file = \"" +
                                   put("node.key", shown.key) + "\"\ntls_client_ca_file = \"" + ca +
                                   "\"\n[[group]]\nname = \"orders\"\n");
    process_options options;
    options.command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", config};
    options.log_file = files / "log";
    process running(std::move(options));
    const std::vector<std::string> known{"--ca-file", ca, "--cert-file", crt, "--key-file", key};
    const auto asked = [&](std::vector<std::string> words, std::vector<std::string> by) {
        words.insert(words.end(), by.begin(), by.end());
        return run_cli(std::move(words));
    };
    wait_until("the node answers", [&] { return asked({"leader", "-n", node}, known).code == 0; });

    // The ensemble tells where and how it is to be asked.
    const auto found = asked({"status", "-z", server.connect_string(), "-o", "json"}, known);
    INFO(found.out << found.err);
    CHECK(found.code == 0);
    CHECK_THAT(found.out, ContainsSubstring("\"http_endpoint\": \"" + node + "\"") ||
                              ContainsSubstring("\"http_endpoint\":\"" + node + "\""));
    CHECK_THAT(found.out, !ContainsSubstring("unreachable"));
    CHECK(asked({"pause", "-n", node}, known).code == 0);
    CHECK(asked({"resume", "-n", node}, known).code == 0);
    const auto by_variables = run_cli({"leader"}, {},
                                      {{"PENHOLDER_NODES", node},
                                       {"PENHOLDER_CA_FILE", ca},
                                       {"PENHOLDER_CERT_FILE", crt},
                                       {"PENHOLDER_KEY_FILE", key}});
    CHECK(by_variables.code == 0);

    const auto distrusted =
        asked({"leader", "-n", node}, {"--ca-file", other_ca, "--cert-file", crt, "--key-file", key});
    CHECK(distrusted.code != 0);
    CHECK_THAT(distrusted.err, ContainsSubstring("its certificate is not accepted"));
    const auto renamed = asked({"leader", "-n", "https://localhost:" + port}, known);
    CHECK(renamed.code != 0);
    CHECK_THAT(renamed.err, ContainsSubstring("hostname mismatch"));
    const auto unknown = asked({"write", "-n", node, "-n", "http://localhost:1", "SELECT 1"}, {"--ca-file", ca});
    CHECK(unknown.code != 6);  // Nothing can have been done.
    const auto asking = asked({"leader", "-n", node}, {"--ca-file", ca});
    CHECK(asking.code != 0);
    CHECK_THAT(asking.err, ContainsSubstring("it does not accept this certificate, or wants one"));
    const auto plain = asked({"leader", "-n", "127.0.0.1:" + port}, known);
    CHECK(plain.code != 0);
    CHECK_THAT(plain.err, ContainsSubstring("https://"));
    const auto half = asked({"leader", "-n", node}, {"--ca-file", ca, "--cert-file", crt});
    CHECK(half.code == 2);
    CHECK_THAT(half.err, ContainsSubstring("belong together"));
    const auto missing = asked({"leader", "-n", node}, {"--ca-file", (files / "nowhere").string()});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, ContainsSubstring("'--ca-file': the file"));
}

}  // namespace
