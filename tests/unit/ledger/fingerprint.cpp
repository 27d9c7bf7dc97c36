#include "ledger/fingerprint.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using ledger::fingerprint;

namespace {

std::string hex(const std::string& bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char one : bytes) {
        text += digits[static_cast<unsigned char>(one) >> 4U];
        text += digits[static_cast<unsigned char>(one) & 15U];
    }
    return text;
}

penholder::write one(statement what, std::string id = {}) {
    penholder::write made(std::move(id));
    made.add(std::move(what));
    return made;
}

}  // namespace

TEST_CASE("a fingerprint never changes for the same payload: databases hold it") {
    statement what("UPDATE t SET a = $1 WHERE b = $2", {"1", std::nullopt});
    what.expect_rows(1);
    // By Python: sha256 over lengths as 8 bytes, little end first, texts, 'v' or 'n' for a value or NULL, 'e' and the
    // count.
    CHECK(hex(fingerprint(one(what))) == "cfbb851ca90b2cde67e63fbe325cd42f");
}

TEST_CASE("id and deadline are no part of it") {
    auto other = one(statement("SELECT 1"), "another-id");
    other.deadline(std::chrono::milliseconds(7));
    CHECK(fingerprint(other) == fingerprint(one(statement("SELECT 1"), "an-id")));
}

TEST_CASE("whatever else differs makes another fingerprint, however the parts are cut") {
    const auto plain = fingerprint(one(statement("SELECT $1", {"ab"})));
    CHECK(plain != fingerprint(one(statement("SELECT $1", {"abc"}))));
    CHECK(plain != fingerprint(one(statement("SELECT $1", {std::nullopt}))));
    CHECK(plain != fingerprint(one(statement("SELECT $1", {"a", "b"}))));
    CHECK(plain != fingerprint(one(statement("SELECT $1a", {"b"}))));
    statement expecting("SELECT $1", {"ab"});
    expecting.expect_rows(0);
    CHECK(plain != fingerprint(one(expecting)));
    auto twice = one(statement("SELECT $1", {"ab"}));
    twice.add(statement("SELECT $1", {"ab"}));
    CHECK(plain != fingerprint(twice));
}
