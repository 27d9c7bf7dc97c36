#include "outside_build.hpp"
#include "shop.hpp"
#include "support/postgres_server.hpp"
#include "support/zookeeper_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <memory>

using namespace penholder::testing;
using Catch::Matchers::StartsWith;

namespace {

/// Servers with a stock of three books, and two shops that sell from it.
struct street {
    street() {
        postgres.create_database("shop");
        process_options init;
        init.command = {outside_build::shared().installed("penholder"), "init", "--database",
                        postgres.conninfo("shop")};
        run(init);
        postgres.exec("CREATE TABLE stock (id text PRIMARY KEY, qty int NOT NULL)", "shop");
        postgres.exec("CREATE TABLE orders (id text PRIMARY KEY, item text NOT NULL)", "shop");
        postgres.exec("INSERT INTO stock VALUES ('book', 3)", "shop");
        const auto open = [&](const std::string& name) {
            return std::make_unique<shop>(name, ensemble.connect_string(), postgres.conninfo("shop"));
        };
        first = open("shop-1");
        first->wait_until_said("# serving, term 1, led by shop-1");
        second = open("shop-2");
        second->wait_until_said("# follower, term 1, led by shop-1");
    }

    int number(const std::string& sql) { return postgres.exec(sql, "shop")[0][0].as<int>(); }
    int left() { return number("SELECT qty FROM stock WHERE id = 'book'"); }
    int sold() { return number("SELECT count(*) FROM orders"); }

    zookeeper_server ensemble;
    postgres_server postgres;
    std::unique_ptr<shop> first;
    std::unique_ptr<shop> second;
};

}  // namespace

TEST_CASE("stock-service, built outside: two instances sell from one stock, each order once") {
    street high;
    CHECK(high.first->sell("book", "order-1") == "order-1 committed term 1");
    CHECK(high.second->sell("book", "order-2") == "order-2 committed term 1");
    CHECK(high.left() == 1);

    CHECK(high.second->sell("book", "order-1") == "order-1 committed (again) term 1");
    CHECK(high.first->sell("book", "order-2") == "order-2 committed (again) term 1");
    CHECK(high.left() == 1);
    CHECK(high.sold() == 2);

    high.first->tell("quit");
    CHECK(high.first->wait() == 0);
    high.second->wait_until_said("# serving, term 2, led by shop-2");
    CHECK(high.second->sell("book", "order-3") == "order-3 committed term 2");
    CHECK(high.second->sell("book", "order-1") == "order-1 committed (again) term 1");
    CHECK_THAT(high.second->sell("book", "order-4"), StartsWith("order-4 rejected"));
    CHECK(high.left() == 0);
    CHECK(high.sold() == 3);

    high.second->tell("quit");
    CHECK(high.second->wait() == 0);
}
