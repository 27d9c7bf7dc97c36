#include "config/access_tokens.hpp"
#include "config/configuration.hpp"
#include "config/nearest.hpp"
#include "config/secret_file.hpp"
#include "config/substitution.hpp"
#include "config/timeouts.hpp"
#include "model/address.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

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

TEST_CASE("a secret that others may read or write is refused with its mode, and its group may read it") {
    const secrets folder;
    for (const auto mode : {0644, 0666, 0604, 0602, 0660, 0777}) {
        const auto open = read_secret(folder.file("sesame", static_cast<mode_t>(mode)));
        REQUIRE_FALSE(open.has_value());
        CHECK_THAT(open.error().message, ContainsSubstring(fmt::format("has mode {:04o}, so others", mode)) &&
                                             ContainsSubstring("chmod 600"));
    }
    for (const auto mode : {0600, 0400, 0640, 0440}) {
        CHECK(read_secret(folder.file("sesame", static_cast<mode_t>(mode))).value() == "sesame");
    }
}

TEST_CASE("a file of tokens is told of with the key that it stands for, and checked as the key is") {
    const secrets folder;
    const auto with = [&](const std::string& tokens) {
        return parse(
            "[node]\nname = \"a\"\n[zookeeper]\nhosts = \"h:1\"\n[http]\nlisten = \"127.0.0.1:0\"\n"
            "token_file = \"" +
                folder.file(tokens, 0600) + "\"\n[[group]]\nname = \"g\"\n",
            "p.toml", one_variable);
    };
    const auto read = with("0123456789abcdef\n");
    REQUIRE(read.has_value());
    CHECK(read->http.token == "0123456789abcdef");
    REQUIRE(read->secret_files.contains("http.token"));
    CHECK(read_tokens(read->secret_files.at("http.token")).value() == "0123456789abcdef");
    CHECK_THAT(with("short\n").error().message, ContainsSubstring("can be guessed"));
    CHECK_THAT(read_tokens(folder.file("short", 0600)).error().message, ContainsSubstring("can be guessed"));
    CHECK_THAT(read_tokens(folder.file(" \n\n", 0600)).error().message, ContainsSubstring("is empty"));
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
