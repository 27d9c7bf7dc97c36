#include "postgres/conninfo.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace penholder;
using namespace penholder::postgres;

TEST_CASE("a connection string keeps what it says, and defaults fill in the rest") {
    const auto whole = complete_conninfo("host=db dbname=orders", {{"dbname", "other"}, {"application_name", "p"}});
    REQUIRE(whole.has_value());
    CHECK(*whole == "application_name='p' dbname='orders' host='db' ");
}

TEST_CASE("a URI is a connection string too") {
    const auto whole = complete_conninfo("postgresql://app@db:5433/orders", {});
    REQUIRE(whole.has_value());
    CHECK(*whole == "dbname='orders' host='db' port='5433' user='app' ");
}

TEST_CASE("values are quoted, whatever they hold") {
    const auto whole = complete_conninfo(R"(host=db password='it\'s \\ secret')", {});
    REQUIRE(whole.has_value());
    CHECK(*whole == R"(host='db' password='it\'s \\ secret' )");
}

TEST_CASE("of several hosts one that can be written to is wanted, unless somebody said otherwise") {
    CHECK(complete_conninfo("host=a,b", {})->find("target_session_attrs='read-write'") != std::string::npos);
    CHECK(complete_conninfo("host=a", {})->find("target_session_attrs") == std::string::npos);
    CHECK(complete_conninfo("host=a,b target_session_attrs=any", {})->find("target_session_attrs='any'") !=
          std::string::npos);
}

TEST_CASE("what is no connection string is refused with libpq's reason") {
    const auto refused = complete_conninfo("host", {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().message.find("missing \"=\"") != std::string::npos);
}

TEST_CASE("silence of a server ends in bounded time: libpq's least time to connect is two seconds") {
    const auto defaults = connection_defaults(300, "penholder lane g");
    CHECK(defaults.at("connect_timeout") == "2");
    CHECK(defaults.at("tcp_user_timeout") == "300");
    CHECK(connection_defaults(4001, "p").at("connect_timeout") == "5");
}

TEST_CASE("a message of several lines becomes one") {
    CHECK(one_line("FATAL: no\n\tsuch role\n\n") == "FATAL: no  such role");
}

TEST_CASE("why a connection string cannot be read is told without what may be a password") {
    CHECK_FALSE(conninfo_problem("host=db dbname=orders"));
    CHECK_FALSE(conninfo_problem(""));
    CHECK(conninfo_problem("hots=db").value() == "invalid connection option \"…\"");
    CHECK(conninfo_problem("password=my secret host=db").value() ==
          "missing \"=\" after \"…\" in connection info string");
    for (const std::string given :
         {"password=my secret host=db", "postgresql://u:secret%zz@db/orders", "postgresql://u:secret@[::1/orders",
          "password='secret", "password=my secret=1", "postgresql://u:secret/x@host/db",
          "postgresql://u:pass@secret@host/db", "postgresql://host/db?secret=1", "host=db connect_timeout=secret",
          "host=db port=1,secret"}) {
        INFO(given);
        REQUIRE(conninfo_problem(given));
        CHECK(conninfo_problem(given)->find("secret") == std::string::npos);
        CHECK(complete_conninfo(given, {}).error().message.find("secret") == std::string::npos);
    }
}

TEST_CASE("options that libpq looks into when it connects are looked into before") {
    CHECK(conninfo_problem("port=abc").value() == "option \"port\" is no port from 1 to 65535");
    for (const auto* given : {"port=0", "port=65536", "port=5432,", "port=-1"}) {
        INFO(given);
        CHECK(conninfo_problem(given).has_value() == (std::string_view(given) != "port=5432,"));
    }
    CHECK_FALSE(conninfo_problem("host=a,b port=5432,5433"));
    CHECK(conninfo_problem("keepalives_idle=soon").value() == "option \"keepalives_idle\" is no number");
    CHECK_FALSE(conninfo_problem("connect_timeout=' 5 '"));
    CHECK(conninfo_problem("host=a@b").value().find("%40") != std::string::npos);
    CHECK_FALSE(conninfo_problem("host=@abstract"));
    CHECK_FALSE(conninfo_problem("host=/run/p@stgresql"));
}

TEST_CASE("what libpq complains of names its own options and no values") {
    CHECK(without_values("invalid integer value \"secret\" for connection option \"port\"") ==
          "invalid integer value \"…\" for connection option \"port\"");
    CHECK(without_values("invalid sslmode value: \"secret\"") == "invalid sslmode value: \"…\"");
    CHECK(without_values("missing \"=\" after \"s\"") == "missing \"=\" after \"…\"");
    CHECK(without_values("it ends in \"secret") == "it ends in \"…\"");
}

TEST_CASE("a server beyond this host that is not proven is told, with what to write") {
    ::unsetenv("PGSSLMODE");
    ::unsetenv("PGHOST");
    for (const auto* given :
         {"", "dbname=orders", "host=/run/postgresql", "host=@abstract", "host=localhost", "host=127.0.0.1",
          "host=::1,/tmp", "host=db sslmode=verify-full", "hostaddr=127.0.0.1 host=db",
          "postgresql://db/orders?sslmode=verify-full", "no connection string"}) {
        INFO(given);
        CHECK_FALSE(unproven_servers(given));
    }
    for (const auto* mode : {"disable", "allow", "prefer", "require", "verify-ca"}) {
        const auto told = unproven_servers(std::string("host=localhost,db,10.0.0.1 password=secret sslmode=") + mode);
        REQUIRE(told);
        CHECK(told->starts_with(std::string("connects to db, 10.0.0.1 with sslmode=") + mode + ": "));
        CHECK(told->find("sslmode=verify-full sslrootcert=") != std::string::npos);
        CHECK(told->find("secret") == std::string::npos);
    }
    CHECK(unproven_servers("postgresql://u:p@db/orders").value().starts_with("connects to db with sslmode=prefer"));
    CHECK(unproven_servers("host=localhost hostaddr=10.0.0.1"));
    ::setenv("PGSSLMODE", "verify-full", 1);
    CHECK_FALSE(unproven_servers("host=db"));
    CHECK(unproven_servers("host=db sslmode=require"));
    ::setenv("PGHOST", "elsewhere", 1);
    ::setenv("PGSSLMODE", "require", 1);
    CHECK(unproven_servers("dbname=orders").value().starts_with("connects to elsewhere with sslmode=require"));
    ::unsetenv("PGSSLMODE");
    ::unsetenv("PGHOST");
}
