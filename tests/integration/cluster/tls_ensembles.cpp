// Real sidecars on an ensemble of three servers that speak TLS only and want certificates.
#include "sidecars.hpp"
#include "support/certificates.hpp"
#include "support/temporary_directory.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

/// Three servers, who trust nodes of one authority and are trusted by another's, and the files for the nodes.
struct secure_ensemble {
    certificate_authority servers;
    certificate_authority nodes;
    issued node = nodes.issue_to("orders");
    zookeeper_ensemble three{{by(), by(), by()}};
    temporary_directory directory;

    zookeeper_tls by(const certificate_authority* other = nullptr) const {
        return {(other != nullptr ? *other : servers).issue_to_loopback(), nodes.certificate(), true, node};
    }
    other_ensemble for_sidecars() const {
        const auto put = [&](const std::string& file, const std::string& text, unsigned mode) {
            replace_file(directory / file, text, mode);
            return "\"" + (directory / file).string() + "\"\n";
        };
        return {three.connect_string(), "tls_ca_file = " + put("ca", servers.certificate(), 0644) +
                                            "tls_cert_file = " + put("crt", node.certificate, 0644) +
                                            "tls_key_file = " + put("key", node.key, 0600)};
    }
};

http_answer write_mark(sidecars& among, std::size_t through, const std::string& mark) {
    return http_client(among.all[through]->http_port())
        .post("/v1/groups/orders/writes",
              R"_({"statements":[{"sql":"INSERT INTO marks VALUES ($1)","params":[")_" + mark + R"_("]}]})_", mark);
}

std::string status_text(sidecar& of) {
    return boost::json::serialize(http_client(of.http_port()).get("/v1/status").body);
}

}  // namespace

TEST_CASE("a group elects and writes over an ensemble that speaks TLS only, and outlives its servers") {
    secure_ensemble ensemble;
    static int life = 0;
    sidecars group("tls_ensemble_" + std::to_string(++life), 4000, {}, {}, ensemble.for_sidecars());
    auto leader = group.wait_for_leader(limit::crowd);
    group.wait_for_links(leader);
    std::size_t written = 0;
    const auto write_everywhere = [&](const std::string& when) {
        for (std::size_t i = 0; i < 3; ++i) {
            if (!group.all[i]->running().running()) continue;
            INFO(when << " through " << i);
            const auto answer = write_mark(group, i, when + std::to_string(i));
            CHECK(answer.status == 200);
            written += answer.status == 200 ? 1 : 0;
        }
    };
    write_everywhere("first");
    SECTION("a server that is killed") {
        for (std::size_t server = 0; server < 3; ++server) {
            ensemble.three[server].kill();
            ensemble.three.wait_for_quorum(2);
            wait_until(
                "all have the ensemble",
                [&] {
                    return std::ranges::all_of(group.all, [](const auto& one) {
                        return status_text(*one).find("\"ensemble_connected\":true") != std::string::npos;
                    });
                },
                limit::recovery);
            write_everywhere("without" + std::to_string(server));
            ensemble.three[server].start();
            ensemble.three.wait_for_quorum(3);
        }
    }
    SECTION("a leader that is killed") {
        group.all[leader]->kill();
        leader = group.wait_for_leader(limit::leadership, leader);
        write_everywhere("after");
    }
    SECTION("a server that got another authority's certificate") {
        const certificate_authority theirs;
        ensemble.three[1].stop();
        ensemble.three[1].secure(ensemble.by(&theirs));
        ensemble.three[1].start();
        ensemble.three.wait_for_quorum(3);
        ensemble.three[0].restart();
        ensemble.three.wait_for_quorum(3);
        ensemble.three[2].restart();
        ensemble.three.wait_for_quorum(3);
        const auto told = [&](sidecar& one) { return one.log().find("ensemble_server_refused") != std::string::npos; };
        wait_until(
            "one has met it",
            [&] { return std::ranges::any_of(group.all, [&](const auto& one) { return told(*one); }); },
            limit::recovery);
        const auto& who = **std::ranges::find_if(group.all, [&](const auto& one) { return told(*one); });
        CHECK_THAT(who.log(), ContainsSubstring("ensemble_server_refused server=" + ensemble.three[1].connect_string() +
                                                " cause=untrusted"));
        const auto metrics = http_client(who.http_port()).get("/metrics").body;
        CHECK_THAT(std::string(metrics.as_string()),
                   ContainsSubstring("penholder_ensemble_refusals_total{server=\"" +
                                     ensemble.three[1].connect_string() + "\",reason=\"untrusted\"}"));
        group.wait_for_leader(limit::recovery);
        write_everywhere("beside");
    }
    SECTION("an ensemble that is away for a while") {
        ensemble.three.stop();
        write_everywhere("alone");
        ensemble.three.start();
        wait_until(
            "all have the ensemble again",
            [&] {
                return std::ranges::all_of(group.all, [](const auto& one) {
                    return status_text(*one).find("\"ensemble_connected\":true") != std::string::npos;
                });
            },
            limit::recovery);
        group.wait_for_leader(limit::recovery);
        write_everywhere("again");
    }
    const auto rows = shared_postgres().exec("SELECT count(*), count(DISTINCT mark) FROM marks", group.database);
    CHECK(rows[0][0].as<std::size_t>() == written);
    CHECK(rows[0][1].as<std::size_t>() == written);
}

}  // namespace penholder::testing
