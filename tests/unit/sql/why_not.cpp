#include "sql/why_not.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace penholder::sql;

TEST_CASE("every reason has a word of its own, fit for a metric's label") {
    std::set<std::string> words;
    for (int i = 0; i <= static_cast<int>(why_not::too_large); ++i) {
        const std::string word(to_string(static_cast<why_not>(i)));
        CHECK(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
        CHECK(words.insert(word).second);
    }
}
