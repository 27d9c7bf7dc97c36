#include "tls/file_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <vector>

using namespace penholder;
using namespace std::chrono_literals;

namespace {

/// Files whose text a test changes, and what was made of them. Everything happens in `settle`.
struct watched {
    result<tls::material> held = tls::material{};
    std::vector<tls::material> adopted;
    bool is_fit = true;
    tls::file_watch::end ends;
    boost::asio::io_context io;
    std::shared_ptr<tls::file_watch> watch = std::make_shared<tls::file_watch>(
        io.get_executor(), io.get_executor(),
        tls::file_watch::subject{"links",
                                 {},
                                 [this] { return held; },
                                 [this](const tls::material& found) -> result<tls::file_watch::end> {
                                     adopted.push_back(found);
                                     if (!is_fit) return error{errc::invalid_configuration, "unfit"};
                                     return ends;
                                 }});

    void put(const std::string& secret) { held = tls::material{{secret}, {}}; }
    void look() {
        watch->look_again();
        io.restart();
        io.poll();
    }
};

}  // namespace

TEST_CASE("what is read first is used, or is an error") {
    watched files;
    files.put("a");
    REQUIRE(files.watch->open().has_value());
    CHECK(files.adopted.size() == 1);
    watched unreadable;
    unreadable.held = error{errc::invalid_configuration, "away"};
    CHECK(unreadable.watch->open().error().message == "away");
    watched unfit;
    unfit.is_fit = false;
    CHECK(unfit.watch->open().error().message == "unfit");
}

TEST_CASE("what has changed is used, and what has not is not made anew") {
    watched files;
    files.put("a");
    REQUIRE(files.watch->open().has_value());
    files.look();
    CHECK(files.adopted.size() == 1);
    files.put("b");
    files.look();
    REQUIRE(files.adopted.size() == 2);
    CHECK(files.adopted.back().secrets == std::vector<std::string>{"b"});
}

TEST_CASE("what cannot be used stays out, and is tried again until it can be") {
    watched files;
    files.put("a");
    REQUIRE(files.watch->open().has_value());
    files.held = error{errc::invalid_configuration, "away"};
    files.look();
    CHECK(files.adopted.size() == 1);
    files.put("b");
    files.is_fit = false;
    files.look();
    files.is_fit = true;
    files.look();
    REQUIRE(files.adopted.size() == 3);
    CHECK(files.adopted.back().secrets == std::vector<std::string>{"b"});
    files.look();
    CHECK(files.adopted.size() == 3);
}

TEST_CASE("a certificate's end is told while there is one, and the last that was fit counts") {
    watched files;
    files.put("a");
    REQUIRE(files.watch->open().has_value());
    CHECK_FALSE(files.watch->certificate_ends_in().has_value());
    files.ends = std::chrono::system_clock::now() + 100h;
    files.put("b");
    files.look();
    REQUIRE(files.watch->certificate_ends_in().has_value());
    CHECK(*files.watch->certificate_ends_in() > 99h);
    files.is_fit = false;
    files.ends = std::chrono::system_clock::now() - 1h;
    files.put("c");
    files.look();
    CHECK(*files.watch->certificate_ends_in() > 99h);
    files.is_fit = true;
    files.look();
    CHECK(*files.watch->certificate_ends_in() < 0s);
}

TEST_CASE("one that is closed looks no more") {
    watched files;
    files.put("a");
    REQUIRE(files.watch->open().has_value());
    files.watch->close();
    files.put("b");
    files.look();
    CHECK(files.adopted.size() == 1);
}
