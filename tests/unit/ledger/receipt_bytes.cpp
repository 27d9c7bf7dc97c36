#include "ledger/receipt_bytes.hpp"

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
                        {{"\xff", std::nullopt}}}},
                      {}};
    read = replayed_receipt("order-43", to_bytes(committed));
    REQUIRE(read);
    CHECK(read->statements == committed.statements);
}

}  // namespace
}  // namespace penholder::ledger
