#include "names/address_book.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include <condition_variable>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

using namespace penholder;
using namespace penholder::names;
using namespace std::chrono_literals;

namespace asio = boost::asio;

namespace {

addresses one(const std::string& text) {
    return {asio::ip::make_address(text)};
}

/// Answers for the names that it is told, and keeps every other lookup waiting until it goes.
class scripted_lookup {
public:
    ~scripted_lookup() {
        const std::scoped_lock lock(script_->mutex);
        script_->gone = true;
        script_->changed.notify_all();
    }
    void says(const std::string& name, std::optional<result<addresses>> what) {
        const std::scoped_lock lock(script_->mutex);
        script_->answers[name] = std::move(what);
        script_->changed.notify_all();
    }
    bool is_asked(int times) {
        std::unique_lock lock(script_->mutex);
        return script_->changed.wait_for(lock, 10s, [&] { return script_->asked >= times; }) && script_->asked == times;
    }
    lookup function() {
        return [kept = script_](const std::string& name) { return kept->look_up(name); };
    }

private:
    struct script {
        result<addresses> look_up(const std::string& name) {
            std::unique_lock lock(mutex);
            ++asked;
            changed.notify_all();
            changed.wait(lock, [&] { return gone || answers[name]; });
            if (gone) return error{errc::invalid_argument, "gone"};
            return *answers[name];
        }

        std::mutex mutex;
        std::condition_variable changed;
        std::map<std::string, std::optional<result<addresses>>> answers;
        int asked = 0;
        bool gone = false;
    };
    std::shared_ptr<script> script_ = std::make_shared<script>();
};

/// Looks up in a coroutine, on an executor that is run here.
address_book::answer awaited(address_book& book, std::string name, std::chrono::milliseconds within) {
    asio::io_context io;
    std::optional<address_book::answer> said;
    asio::co_spawn(io, book.look_up(std::move(name), within),
                   [&said](const std::exception_ptr&, address_book::answer what) { said = std::move(what); });
    io.run();
    return std::move(*said);
}

}  // namespace

TEST_CASE("a name stands for what its lookup says, and a numeric address for itself without one") {
    scripted_lookup script;
    script.says("a", one("10.0.0.1"));
    address_book book(script.function());
    CHECK(*book.find("a", 10s) == one("10.0.0.1"));
    CHECK(*awaited(book, "a", 10s) == one("10.0.0.1"));
    REQUIRE(script.is_asked(2));
    CHECK(*book.find("10.0.0.7", 10s) == one("10.0.0.7"));
    CHECK(*book.find("fe80::1", 10s) == one("fe80::1"));
    CHECK(*awaited(book, "::1", 10s) == one("::1"));
    CHECK(script.is_asked(2));
}

TEST_CASE("a name that is not answered for holds up none of the others") {
    scripted_lookup script;
    script.says("a", one("10.0.0.1"));
    script.says("c", one("10.0.0.3"));
    address_book book(script.function());
    const auto found = book.find_all({"a", "silent", "c"}, 200ms);
    REQUIRE(found.size() == 3);
    CHECK(*found[0] == one("10.0.0.1"));
    CHECK(found[1].error().message == "host 'silent' is not known: no name server has answered");
    CHECK(*found[2] == one("10.0.0.3"));
}

TEST_CASE("what a name stood for last is remembered where it is not answered for, or refused") {
    scripted_lookup script;
    script.says("a", one("10.0.0.1"));
    address_book book(script.function());
    REQUIRE(book.find("a", 10s).has_value());
    script.says("a", error{errc::invalid_argument, "no such name"});
    CHECK(*book.find("a", 10s) == one("10.0.0.1"));
    script.says("a", std::nullopt);
    CHECK(*book.find("a", 1ms) == one("10.0.0.1"));
    CHECK(*awaited(book, "a", 1ms) == one("10.0.0.1"));
    script.says("a", one("10.0.0.2"));
    CHECK(*book.find("a", 10s) == one("10.0.0.2"));
}

TEST_CASE("a lookup that is under way is joined, and one that takes too long already is not waited for") {
    scripted_lookup script;
    address_book book(script.function());
    CHECK_FALSE(book.find("a", 1ms).has_value());
    const auto begun = std::chrono::steady_clock::now();
    for (int times = 0; times < 20; ++times) CHECK_FALSE(book.find("a", 1ms).has_value());
    CHECK_FALSE(awaited(book, "a", 1ms).has_value());
    CHECK(script.is_asked(1));
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("a name that nobody knows is refused with the reason") {
    scripted_lookup script;
    script.says("a", error{errc::invalid_argument, "Name or service not known"});
    script.says("empty", addresses{});
    address_book book(script.function());
    CHECK(book.find("a", 10s).error().message == "host 'a' is not known: Name or service not known");
    CHECK(book.find("empty", 10s).error().message == "host 'empty' is not known: it stands for no address");
}

TEST_CASE("neither a book nor a coroutine waits for a lookup when it goes") {
    scripted_lookup script;
    {
        address_book book(script.function());
        asio::io_context io;
        asio::co_spawn(io, book.look_up("a", 1h), [](const std::exception_ptr&, const address_book::answer&) {});
        io.run_for(1ms);
    }
    script.says("a", one("10.0.0.1"));
}

TEST_CASE("so many lookups are under way at most, and one more is refused at once") {
    scripted_lookup script;
    address_book book(script.function());
    std::vector<std::string> many;
    for (int count = 0; count < 64; ++count) many.push_back("silent-" + std::to_string(count));
    book.find_all(many, 1ms);
    const auto refused = book.find("one-more", 1h);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("too many names") != std::string::npos);
}

TEST_CASE("this host knows itself") {
    const auto found = ask_system("localhost");
    REQUIRE(found.has_value());
    for (const auto& each : *found) CHECK(each.is_loopback());
}
