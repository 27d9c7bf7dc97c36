#include "ledger/receipt_bytes.hpp"

#include "base/timestamp.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::ledger {
namespace {

TEST_CASE("a receipt is read as it was kept, though its text is not UTF-8") {
    receipt kept{"order-42", outcome::rejected, 7, 0, false, {}, {}};
    kept.why = reason{errc::statement_failed, "doppelter Schl\xfcssel", "23505", 1};
    auto read = replayed_receipt("order-42", to_bytes(kept));
    REQUIRE(read);
    CHECK(read->replayed);
    read->replayed = false;
    CHECK(*read == kept);

    receipt committed{"order-43",
                      outcome::committed,
                      7,
                      0,
                      false,
                      {{1,
                        {"gr\xf6\xdf"
                         "e"},
                        {{"\xff", std::nullopt}},
                        {"gr\xf6\xdf"
                         "e[]"}}},
                      {}};
    read = replayed_receipt("order-43", to_bytes(committed));
    REQUIRE(read);
    CHECK(read->statements == committed.statements);
}

TEST_CASE("a receipt that was kept without types is read without them") {
    const std::string before("\x10\x07\x1a\x0c\x08\x01\x12\x02id\x1a\x04\x0a\x02\x0a\x00", 16);
    const auto read = replayed_receipt("k", before);
    REQUIRE(read);
    CHECK(read->statements == std::vector<statement_result>{{1, {"id"}, {{""}}}});
    auto typed = *read;
    typed.statements[0].types = {"text"};
    CHECK(to_bytes(typed) == std::string("\x10\x07\x1a\x12\x08\x01\x12\x02id\x1a\x04\x0a\x02\x0a\x00\x22\x04text", 22));
}

TEST_CASE("a rejection keeps its code by name, and a name of another release is a statement that failed") {
    receipt kept{"k", outcome::rejected, 7, 0, false, {}, {}};
    for (const auto code : {errc::statement_failed, errc::row_count_mismatch, errc::key_reused}) {
        kept.why = reason{code, "why", {}, std::nullopt};
        CHECK(replayed_receipt("k", to_bytes(kept))->why->code == code);
    }
    auto bytes = to_bytes(kept);
    const auto name = std::string(to_string(errc::key_reused));
    bytes.replace(bytes.find(name), name.size(), "key_recycl");
    CHECK(replayed_receipt("k", bytes)->why->code == errc::statement_failed);
}

TEST_CASE("a rejection keeps what PostgreSQL said of it, and when it was decided") {
    receipt kept{"k", outcome::rejected, 7, 0, false, {}, {}};
    kept.why = reason{errc::statement_failed,
                      "duplicate key",
                      "23505",
                      1,
                      "Say with ON CONFLICT what is to happen then.",
                      {"public", "stock", "id", "int4", "stock_pkey", 13, "Key (id)=(42) already exists."}};
    kept.decided_at = from_epoch_ms(1'714'564'800'250);
    auto read = replayed_receipt("k", to_bytes(kept));
    REQUIRE(read);
    read->replayed = false;
    CHECK(*read == kept);
}

TEST_CASE("what is kept of a receipt is these very bytes, for as long as there are databases that hold them") {
    const receipt committed{"k", outcome::committed, 7, 99, false, {{1, {}, {}}}, {}};
    CHECK(to_bytes(committed) == std::string("\x10\x07\x1a\x02\x08\x01", 6));
    receipt rejected{"k", outcome::rejected, 7, 0, false, {}, {}};
    rejected.why = reason{errc::key_reused, "m", "23505", 1};
    CHECK(to_bytes(rejected) == std::string("\x08\x01\x10\x07\x22\x0akey_reused\x2a\x01m\x32\x05"
                                            "23505\x38\x02",
                                            28));
    CHECK_FALSE(replayed_receipt("k", "\xff garbage").has_value());
}

}  // namespace
}  // namespace penholder::ledger
