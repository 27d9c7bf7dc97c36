#include "ledger/fingerprint.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

namespace {

std::string fingerprint(const penholder::write& what) {
    return ledger::fingerprints().of(what);
}

std::string of_text(const std::string& sql) {
    penholder::write made;
    made.add(sql);
    return fingerprint(made);
}

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
    // By Python: sha256 over the sha256 of the tokens, each with a zero byte behind it; then numbers as 8 bytes, little
    // end first: of parameters, of each one's bytes behind 'v', or 'n' for NULL; then 'e' and the count.
    CHECK(hex(fingerprint(one(what))) == "98313cb0095c307c8fe18814796c2c46");
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

TEST_CASE("space, comments and the case of words are no part of it") {
    const auto plain = of_text("UPDATE t SET a = 'X y' WHERE b = 2");
    CHECK(plain == of_text("update  T\n set A='X y'\twhere b=2"));
    CHECK(plain == of_text("/* for /* the */ shop */ UPDATE t SET a = 'X y' -- it\n WHERE b = 2;"));
    CHECK(plain != of_text("UPDATE t SET a = 'X  y' WHERE b = 2"));
    CHECK(plain != of_text("UPDATE t SET a = 'x y' WHERE b = 2"));
    CHECK(plain != of_text("UPDATE \"T\" SET a = 'X y' WHERE b = 2"));
    CHECK(plain != of_text("UPDATE t SET a = 'X y' WHERE b = 3"));
    CHECK(plain != of_text("UPDATE t SET a = 'X y' WHERE b = - 2"));
}

TEST_CASE("a parameter's value and its type by a cast are part of it, and so is the order of statements") {
    CHECK(of_text("SELECT $1::int") != of_text("SELECT $1::text"));
    CHECK(fingerprint(one(statement("SELECT $1", {"a b"}))) != fingerprint(one(statement("SELECT $1", {"a  b"}))));
    auto there = one(statement("SELECT 1"));
    there.add("SELECT 2");
    auto back = one(statement("SELECT 2"));
    back.add("SELECT 1");
    CHECK(fingerprint(there) != fingerprint(back));
}

TEST_CASE("what is known of a text from before changes no fingerprint") {
    ledger::fingerprints kept;
    const auto what = one(statement("SELECT $1", {"ab"}));
    const auto first = kept.of(what);
    CHECK(kept.of(what) == first);
    CHECK(fingerprint(what) == first);
    const std::string long_text(9'000, 'x');
    CHECK(kept.of(one(statement(long_text))) == of_text(long_text));
}
