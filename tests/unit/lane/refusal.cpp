#include "lane/refusal.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::lane {
namespace {

reply failure(error_report said, std::string sqlstate = "23505") {
    reply made;
    made.what = reply::kind::failed;
    made.sqlstate = std::move(sqlstate);
    made.message = "duplicate key";
    made.report = std::make_shared<const error_report>(std::move(said));
    return made;
}

const error_fields all{"public", "stock", "id", "int4", "stock_pkey", 13, "Key (id)=(42) already exists."};

TEST_CASE("a refusal carries what PostgreSQL named, and its detail only where that is wanted") {
    auto expected = reason{errc::statement_failed, "duplicate key", "23505", 1, "see below", all};
    CHECK(refusal(failure({"see below", all}), 1, true) == expected);
    expected.fields.detail.clear();
    CHECK(refusal(failure({"see below", all}), 1, false) == expected);
}

TEST_CASE("where PostgreSQL has no hint its SQLSTATE gives one") {
    const auto why = refusal(failure({"", all}, "42P01"), 0, false);
    CHECK(why.hint.starts_with("Create the table"));
    reply bare;
    bare.what = reply::kind::failed;
    bare.sqlstate = "22012";
    bare.message = "division by zero";
    CHECK(refusal(bare, 0, true) == reason{errc::statement_failed, "division by zero", "22012", 0});
}

TEST_CASE("a place in no statement is no place") {
    CHECK_FALSE(refusal(failure({"", all}), std::nullopt, false).fields.position);
}

TEST_CASE("what RAISE makes as long as it likes is cut, and no character with it") {
    const std::string euros = [] {
        std::string made;
        while (made.size() < 9'000) made += "\xe2\x82\xac";
        return made;
    }();
    const auto why = refusal(failure({euros, {euros, euros, euros, euros, euros, {}, euros}}), 0, true);
    CHECK(why.hint.size() == 2046);
    CHECK(why.fields.detail.size() == 2046);
    for (const auto& name :
         {why.fields.schema, why.fields.table, why.fields.column, why.fields.data_type, why.fields.constraint}) {
        CHECK(name.size() == 255);
    }
}

}  // namespace
}  // namespace penholder::lane
