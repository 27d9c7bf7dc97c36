#include "sql/relative_time.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using penholder::sql::may_tell_time;

// PostgreSQL's manual, 8.5.1.4: now, today, tomorrow and yesterday are special; each of these was given to it.
TEST_CASE("what PostgreSQL reads as a moment that depends on when it reads it") {
    for (const auto* text : {"now",
                             "NOW",
                             " now ",
                             "today",
                             "tomorrow",
                             "yesterday",
                             "today 10:00",
                             "10:00 today",
                             "today 10:00 PST",
                             "today 10:00 America/New_York",
                             "tomorrow allballs",
                             "now()",
                             "{now}",
                             "{2026-01-01,\"now\"}",
                             "[now,infinity)",
                             "{[today,tomorrow)}",
                             "(1,now)",
                             "(1,\"today 10:00\")",
                             "[0:1]={now,now}",
                             "today at 10:00 am EST5EDT"}) {
        INFO(text);
        CHECK(may_tell_time(text));
    }
}

TEST_CASE("what is no moment") {
    const std::string too_long(300, ' ');
    for (const std::string& text :
         std::vector<std::string>{"", "2026-11-26", "nowhere", "do it now or never", "See you today",
                                  "{\"note\": \"call me back today\"}", "infinity", "now" + too_long + "x"}) {
        INFO(text);
        CHECK_FALSE(may_tell_time(text));
    }
}
