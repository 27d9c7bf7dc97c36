#include "write/write_check.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace penholder;

namespace {

result<checked_write> check_write(const std::string& id, const penholder::write& what, std::size_t most) {
    const auto shared = std::make_shared<const penholder::write>(what);
    if (id.empty()) return write_check(most).check(origin_write_id("n.00000000000000aa", 1), shared);
    return write_check(most).check(id, shared);
}

errc code_of(const result<checked_write>& checked) {
    return checked ? errc{} : checked.error().code;
}

penholder::write one_statement(std::string sql, std::vector<parameter> params = {}) {
    penholder::write what;
    what.add(statement(std::move(sql), std::move(params)));
    return what;
}

}  // namespace

TEST_CASE("what cannot be a write is refused before anything is sent") {
    const std::size_t most = 1000;
    const auto good = one_statement("SELECT $1", {std::string("x")});
    CHECK(check_write("", good, most).has_value());
    CHECK(check_write("order-42", good, most).has_value());
    CHECK(check_write("~n.00000000000000aa.1", good, most).has_value());
    CHECK(code_of(check_write("~n", good, most)) == errc::malformed_write);
    CHECK(code_of(check_write("a b", good, most)) == errc::malformed_write);
    CHECK(code_of(check_write(std::string(257, 'k'), good, most)) == errc::malformed_write);
    CHECK(code_of(check_write("", penholder::write{}, most)) == errc::malformed_write);
    CHECK(code_of(check_write("", one_statement(""), most)) == errc::malformed_write);
    CHECK(code_of(check_write("", one_statement(std::string("SELECT\0 1", 9)), most)) == errc::malformed_write);
    CHECK(code_of(check_write("", one_statement("SELECT 1", {std::string("\0", 1)}), most)) == errc::malformed_write);
    CHECK(code_of(check_write("", one_statement("SELECT 1", std::vector<parameter>(65536)), 1U << 30U)) ==
          errc::malformed_write);
    CHECK(check_write("", one_statement("SELECT 1", std::vector<parameter>(65535)), 1U << 30U).has_value());
    CHECK(code_of(check_write("", one_statement(std::string(1000, 'S')), most)) == errc::payload_too_large);
    auto late = good;
    late.deadline(std::chrono::milliseconds(0));
    CHECK(code_of(check_write("", late, most)) == errc::malformed_write);
}

TEST_CASE("a zero byte is refused with the statement that has it") {
    penholder::write what;
    what.add("SELECT 1");
    what.add(std::string("SELECT\0 1", 9));
    const auto refused = check_write("", what, std::size_t{1} << 20U);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.starts_with("statement 1 has a zero byte"));
}

TEST_CASE("a checked write has its id, its size and the shapes of its statements") {
    const auto plain = check_write("order-42", one_statement("UPDATE t SET a = 1"), 1000);
    REQUIRE(plain.has_value());
    CHECK(plain->id().text() == "order-42");
    CHECK(plain->id().given() == nullptr);
    CHECK(plain->bytes() == 16 + 16 + 18);
    REQUIRE(plain->shapes().size() == 1);
    CHECK_FALSE(plain->shapes().front().empty());
    const auto settings = check_write("~n.00000000000000aa.7", one_statement("SET LOCAL search_path = x"), 1000);
    REQUIRE(settings.has_value());
    REQUIRE(settings->id().given() != nullptr);
    CHECK(settings->id().given()->sequence() == 7);
    CHECK(settings->shapes() == std::vector<std::string>{""});
}

TEST_CASE("a trace id is 32 lower-case hexadecimal digits, not all zero, or is not there") {
    auto what = one_statement("UPDATE t SET a = 1");
    CHECK(check_write("k", what.trace_id("4bf92f3577b34da6a3ce929d0e0e4736"), 1000).has_value());
    for (const auto& wrong : {std::string(32, '0'), std::string(31, 'a'), std::string(33, 'a'), std::string(32, 'A')}) {
        INFO(wrong);
        CHECK(code_of(check_write("k", what.trace_id(wrong), 1000)) == errc::malformed_write);
    }
    CHECK(check_write("k", what.trace_id(""), 1000).has_value());
}

TEST_CASE("what screening forbids is refused however often it comes") {
    write_check check(1000);
    const auto what = std::make_shared<const penholder::write>(one_statement("COMMIT"));
    for (int i = 0; i < 3; ++i) CHECK(code_of(check.check("k", what)) == errc::forbidden_statement);
    CHECK(check.check("k", std::make_shared<const penholder::write>(one_statement("SELECT 1"))).has_value());
}

TEST_CASE("one forbidden statement among several refuses the whole write") {
    auto what = one_statement("UPDATE t SET a = 1");
    what.add("ROLLBACK");
    CHECK(code_of(check_write("k", what, 1000)) == errc::forbidden_statement);
}

TEST_CASE("what is refused names the statement, and what is no SQL the place in it, too") {
    auto what = one_statement("UPDATE t SET a = 1");
    what.add("VACUUM");
    const auto forbidden = check_write("k", what, 1000);
    CHECK(forbidden.error().statement == 1);
    CHECK(forbidden.error().message.starts_with("statement 1: VACUUM is not permitted"));
    const auto misspelt = check_write("k", one_statement("SELEC 1"), 1000);
    CHECK(misspelt.error().code == errc::statement_failed);
    CHECK(misspelt.error().statement == 0);
    CHECK(misspelt.error().position == 1);
    CHECK(misspelt.error().message == "syntax error at or near \"SELEC\"");
}

TEST_CASE("a write that is too large is not read before it is refused") {
    CHECK(code_of(check_write("k", one_statement("SELECT '" + std::string(1000, 'x')), 1000)) ==
          errc::payload_too_large);
}
