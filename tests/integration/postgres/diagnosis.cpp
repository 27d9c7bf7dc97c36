#include "postgres/diagnosis.hpp"

#include "fixture.hpp"
#include "support/certificates.hpp"
#include "support/patience.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <unistd.h>

using namespace penholder;
using namespace penholder::testing;
using postgres::severity;

namespace {

const postgres::finding* about(const std::vector<postgres::finding>& all, const std::string& subject) {
    const auto found = std::ranges::find(all, subject, &postgres::finding::subject);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a standby that no COMMIT waits for is told, whatever the role may see of it") {
    postgres_server primary(postgres_options{.fsync = true});
    REQUIRE(postgres::init_schema(primary.conninfo()).has_value());
    primary.exec("CREATE ROLE modest LOGIN");
    primary.exec("GRANT USAGE ON SCHEMA penholder TO modest");
    const auto durability = [&] {
        const auto found = postgres::diagnose(primary.conninfo() + " user=modest");
        const auto* what = about(found, "durability");
        return what != nullptr ? what->severity : severity::trouble;
    };
    CHECK(durability() == severity::good);
    const auto standby = primary.standby();
    wait_until("the standby streams", [&] { return !primary.exec("SELECT FROM pg_stat_replication").empty(); });
    CHECK(durability() == severity::warning);
    primary.exec("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.exec("SELECT pg_reload_conf()");
    wait_until("COMMIT waits for the standby", [&] { return durability() == severity::good; });
}

TEST_CASE("whether the connection is encrypted, and the server proven, is told") {
    const temporary_directory files;
    const certificate_authority ours;
    const auto own = ours.issue_to("localhost");
    const auto put = [&](const std::string& name, const std::string& text) {
        replace_file(files / name, text);
        if (::getuid() == 0) run({.command = {"chown", "postgres:", files / name}});
        return (files / name).string();
    };
    if (::getuid() == 0) run({.command = {"chmod", "755", files.path()}});
    postgres_server server(postgres_options{.settings = {{"ssl", "on"},
                                                         {"ssl_cert_file", put("server.crt", own.certificate)},
                                                         {"ssl_key_file", put("server.key", own.key)}}});
    const auto connection = [&](const std::string& conninfo) {
        const auto found = postgres::diagnose(conninfo);
        const auto* what = about(found, "connection");
        REQUIRE(what != nullptr);
        return *what;
    };
    CHECK(connection(server.conninfo()).found == "is plain text");
    CHECK(connection(server.conninfo()).severity == severity::good);
    const auto by_tcp = "host=localhost user=postgres dbname=postgres port=" + std::to_string(server.port());
    CHECK(connection(by_tcp + " sslmode=disable").found == "is plain text");
    const auto proven =
        connection(by_tcp + " sslmode=verify-full sslrootcert=" + put("authority.crt", ours.certificate()));
    CHECK(proven.severity == severity::good);
    CHECK(proven.found.starts_with("is encrypted: TLSv1.3, TLS_"));
    const certificate_authority theirs;
    CHECK(connection(by_tcp + " sslmode=verify-full sslrootcert=" + put("others.crt", theirs.certificate())).severity ==
          severity::trouble);
    // By a name that is not known to be this host's.
    const auto beyond = connection(by_tcp + " hostaddr=0.0.0.0 sslmode=require");
    CHECK(beyond.severity == severity::warning);
    CHECK(beyond.found.starts_with("is encrypted: TLSv1.3"));
    CHECK(beyond.found.find("and connects to 0.0.0.0 with sslmode=require") != std::string::npos);
    CHECK(beyond.advice.starts_with("write sslmode=verify-full"));
}

TEST_CASE("options that name what the database does not have are told by name") {
    group_options group;
    group.name = "g";
    const auto name = fresh_database();
    group.database = shared_server().conninfo(name);
    CHECK(postgres::diagnose_names(group).empty());
    shared_server().exec("CREATE SCHEMA app", name);
    shared_server().exec("CREATE FUNCTION app.audit(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", name);
    group.harmless_functions = {"app.audit", "pg_catalog.lower"};
    group.no_version_columns = {"public.counter.n"};
    CHECK(postgres::diagnose_names(group).empty());
    group.harmless_functions.emplace_back("app.nope");
    group.no_version_columns.emplace_back("public.counter.o'clock");
    const auto found = postgres::diagnose(group);
    REQUIRE(about(found, "harmless_functions") != nullptr);
    CHECK(about(found, "harmless_functions")->found == "names what this database does not have: app.nope");
    REQUIRE(about(found, "no_version_columns") != nullptr);
    CHECK(about(found, "no_version_columns")->found ==
          "names what this database does not have: public.counter.o'clock");
    group.database = "host=/nonexistent";
    REQUIRE(about(postgres::diagnose_names(group), "names") != nullptr);
    CHECK(about(postgres::diagnose_names(group), "names")->severity == severity::advice);
}

TEST_CASE("a right that was taken from the nodes' role is named, whichever function it is for") {
    const auto name = fresh_database();
    shared_server().exec("DROP ROLE IF EXISTS looked_after; CREATE ROLE looked_after LOGIN", name);
    REQUIRE(postgres::init_schema(shared_server().conninfo(name), "looked_after").has_value());
    // All of the schema's functions but those that only init calls, or other functions of the schema.
    const auto functions = shared_server().exec(
        "SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p WHERE p.pronamespace = 'penholder'::regnamespace "
        "AND p.proname NOT IN ('watch_catalogue', 'mark_catalogue', 'note_catalogue_change', 'current_timeline')",
        name);
    CHECK(functions.size() >= 16);
    for (const auto& row : functions) {
        const std::string function = row[0].c_str();
        INFO(function);
        shared_server().exec("REVOKE EXECUTE ON FUNCTION " + function + " FROM looked_after", name);
        const auto found = postgres::diagnose(shared_server().conninfo(name) + " user=looked_after");
        const auto names_it = [&](const postgres::finding& each) {
            return each.severity == severity::trouble && each.found.find(row[1].c_str()) != std::string::npos &&
                   each.found.find("penholder init --lane-role") != std::string::npos;
        };
        CHECK(std::ranges::any_of(found, names_it));
        shared_server().exec("GRANT EXECUTE ON FUNCTION " + function + " TO looked_after", name);
    }
    for (const auto& each : postgres::diagnose(shared_server().conninfo(name) + " user=looked_after")) {
        INFO(each.subject + ": " + each.found);
        CHECK(each.found.find("penholder init") == std::string::npos);
    }
}
