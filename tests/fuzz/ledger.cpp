// What the ledger keeps, read back from the database: bytes of any kind, and receipts with text of any kind, since
// PostgreSQL's is not always UTF-8.
#include "fuzz.hpp"
#include "ledger/origin_ledger.hpp"
#include "ledger/receipt_bytes.hpp"

using namespace penholder;
using fuzz::require;

namespace {

void check_bytes(const std::string& bytes) {
    if (const auto kept = ledger::replayed_receipt("order-42", bytes)) {
        const auto again = ledger::replayed_receipt("order-42", ledger::to_bytes(*kept));
        require(again && ledger::to_bytes(*again) == ledger::to_bytes(*kept), "a receipt read is kept the same");
    }
    if (auto origin = ledger::origin_ledger::from_bytes(bytes)) {
        const auto again = ledger::origin_ledger::from_bytes(origin->bytes());
        require(again && again->bytes() == origin->bytes(), "an origin read is kept the same");
        origin->add(7, "receipt");
        origin->absorb({9, {3, 7}});
        static_cast<void>(origin->look_up(7, {9, {3, 7}}));
    }
}

void check_receipt(fuzz::choices input) {
    receipt made;
    made.write_id = "order-42";
    made.outcome = (input.byte() & 1U) != 0 ? outcome::rejected : outcome::committed;
    made.term = input.byte();
    if (made.outcome == outcome::rejected) {
        const auto blamed = input.byte();
        made.why = reason{errc::statement_failed, input.text(input.byte()), input.text(5), std::nullopt};
        if (blamed > 0) made.why->statement = blamed - 1U;
    }
    while (!input.rest().empty()) {
        auto& one = made.statements.emplace_back();
        one.rows_affected = input.byte();
        for (auto left = input.byte() % 4; left > 0; --left) one.columns.push_back(input.text(input.byte()));
        for (auto left = input.byte() % 4; left > 0; --left)
            one.rows.push_back({input.text(input.byte()), std::nullopt});
    }
    auto kept = ledger::replayed_receipt("order-42", ledger::to_bytes(made));
    require(kept.has_value(), "a receipt that was kept can be read");
    require(kept->replayed, "a receipt that was read is a replayed one");
    kept->replayed = false;
    require(*kept == made, "a receipt that was kept is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::choices input(fuzz::text_of(data, size));
    if (input.byte() == 'r') {
        check_receipt(input);
    } else {
        check_bytes(std::string(input.rest()));
    }
    return 0;
}
