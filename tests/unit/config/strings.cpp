#include "config/configuration.hpp"
#include "config/nearest.hpp"
#include "config/substitution.hpp"
#include "config/timeouts.hpp"
#include "model/address.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace penholder;
using namespace penholder::config;
using Catch::Matchers::ContainsSubstring;

namespace {

const environment one_variable = [](const std::string& name) {
    return name == "WHO" ? std::optional<std::string>("me") : std::nullopt;
};

/// A folder of its own for one test's secrets.
class secrets {
public:
    secrets() {
        std::string pattern = (std::filesystem::temp_directory_path() / "penholder-secrets-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~secrets() { std::filesystem::remove_all(folder_); }
    secrets(const secrets&) = delete;
    secrets& operator=(const secrets&) = delete;

    std::string file(const std::string& text, mode_t mode) const {
        const auto path = (folder_ / "secret").string();
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }

private:
    std::filesystem::path folder_;
};

result<configuration> with_secret_file(const std::string& path) {
    return parse(
        "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\ndigest_file = \"" + path + "\"\n[[group]]\nname = \"g\"\n",
        "p.toml", one_variable);
}

}  // namespace

TEST_CASE("variables are replaced, and a doubled dollar is not one") {
    CHECK(*substitute("no variable, $5", one_variable) == "no variable, $5");
    CHECK(*substitute("${WHO}@${WHO}", one_variable) == "me@me");
    CHECK(*substitute("$${WHO} is ${WHO}", one_variable) == "${WHO} is me");
}

TEST_CASE("a variable that is not set is an error that names it") {
    CHECK_THAT(substitute("${NOBODY}", one_variable).error().message, ContainsSubstring("NOBODY is not set"));
    CHECK_THAT(substitute("${WHO", one_variable).error().message, ContainsSubstring("never closed"));
    CHECK_THAT(substitute("${1x}", one_variable).error().message, ContainsSubstring("names no environment variable"));
    const auto settings = parse("[node]\nname = \"${NOBODY}\"\n", "p.toml", one_variable);
    CHECK_THAT(settings.error().message, ContainsSubstring("p.toml:2:8: 'node.name': the environment variable NOBODY"));
}

TEST_CASE("a secret's file loses the newline at its end") {
    const secrets folder;
    const auto settings = with_secret_file(folder.file("me:sesame\n", 0600));
    REQUIRE(settings.has_value());
    CHECK(settings->node.zookeeper.digest == "me:sesame");
    CHECK(settings->warnings.empty());
}

TEST_CASE("a secret that everybody may read is warned about, one that everybody may write is refused") {
    const secrets folder;
    const auto readable = with_secret_file(folder.file("me:sesame", 0644));
    REQUIRE(readable.has_value());
    REQUIRE(readable->warnings.size() == 1);
    CHECK_THAT(readable->warnings[0],
               ContainsSubstring("p.toml:5:15") && ContainsSubstring("may be read by everybody"));
    const auto writable = with_secret_file(folder.file("me:sesame", 0666));
    REQUIRE_FALSE(writable.has_value());
    CHECK_THAT(writable.error().message, ContainsSubstring("p.toml:5:15") && ContainsSubstring("may be written"));
}

TEST_CASE("a secret's file that is empty or missing is refused") {
    const secrets folder;
    CHECK_THAT(with_secret_file(folder.file("\n", 0600)).error().message, ContainsSubstring("is empty"));
    CHECK_THAT(with_secret_file("/nonexistent").error().message, ContainsSubstring("cannot be read"));
}

TEST_CASE("a secret cannot be given twice") {
    const auto twice = [](const std::string& ensemble, const std::string& link) {
        const auto settings = parse("[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\n" + ensemble + "[link]\n" +
                                        link + "[[group]]\nname = \"g\"\n",
                                    "p.toml", one_variable);
        return settings ? std::string() : settings.error().message;
    };
    CHECK_THAT(twice("digest = \"a:b\"\ndigest_file = \"/etc/hostname\"\n", ""),
               ContainsSubstring("'zookeeper.digest' and 'zookeeper.digest_file' are both set"));
    CHECK_THAT(twice("", "secret = \"s\"\nsecret_file = \"/etc/hostname\"\n"),
               ContainsSubstring("p.toml:7:15: 'link.secret' and 'link.secret_file' are both set"));
}

TEST_CASE("the link's secret stays in its file, which has to be its owner's alone") {
    const secrets folder;
    const auto linked = [](const std::string& path) {
        return parse("[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\n[link]\nsecret_file = \"" + path +
                         "\"\n[[group]]\nname = \"g\"\n",
                     "p.toml", one_variable);
    };
    const auto settings = linked(folder.file("sesame\n", 0600));
    REQUIRE(settings.has_value());
    CHECK(settings->node.link.secret.empty());
    CHECK(settings->node.link.secret_file.ends_with("/secret"));
    CHECK_THAT(linked(folder.file("sesame\n", 0644)).error().message,
               ContainsSubstring("p.toml:6:15: 'link.secret_file'") && ContainsSubstring("open to others"));
    CHECK_THAT(linked("/nonexistent").error().message,
               ContainsSubstring("p.toml:6:15") && ContainsSubstring("cannot be read"));
}

TEST_CASE("a typing error finds the name that was meant, a wild guess none") {
    CHECK(nearest("sesion_timeout", {"session_timeout", "root"}) == "session_timeout");
    CHECK_FALSE(nearest("colour", {"session_timeout", "root"}).has_value());
}

TEST_CASE("the time-outs in force are told in the order in which they act") {
    const auto settings = parse(
        "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\nsession_timeout_ms = 4321\n[[group]]\n"
        "name = \"g\"\ndatabase = \"dbname=g\"\n",
        "p.toml", one_variable);
    REQUIRE(settings.has_value());
    const auto text = render_timeouts(*settings);
    CHECK(text.find("link.silence_timeout_ms") < text.find("zookeeper.session_timeout_ms"));
    CHECK_THAT(text, ContainsSubstring("4321 ms  zookeeper.session_timeout_ms"));
    CHECK_THAT(text, ContainsSubstring("a write to group g"));
}
