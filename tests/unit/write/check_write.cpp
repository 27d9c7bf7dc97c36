#include "write/check_write.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace penholder;

namespace {

errc code_of(const result<>& checked) {
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
    CHECK(code_of(check_write("", one_statement("S", {std::string("\0", 1)}), most)) == errc::malformed_write);
    CHECK(code_of(check_write("", one_statement("S", std::vector<parameter>(65536)), 1U << 30U)) ==
          errc::malformed_write);
    CHECK(check_write("", one_statement("S", std::vector<parameter>(65535)), 1U << 30U).has_value());
    CHECK(code_of(check_write("", one_statement(std::string(1000, 'S')), most)) == errc::payload_too_large);
    auto late = good;
    late.deadline(std::chrono::milliseconds(0));
    CHECK(code_of(check_write("", late, most)) == errc::malformed_write);
}
