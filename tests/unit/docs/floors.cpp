#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace penholder::testing;

namespace {

const std::set<std::string> code{".hpp", ".cpp"};

// The rooms that decide: events in, actions out.
const std::vector<std::string> deciding_rooms{"base",  "model", "sql",  "ledger", "election",
                                              "write", "wire",  "lane", "group"};

// ARCHITECTURE.md's table: a room's folder and its floor.
std::map<std::string, int> floors() {
    static const std::regex row(R"(\|\s*(\d+)\s*\|\s*`([a-z/]+)/`.*)");
    std::map<std::string, int> rooms;
    std::smatch match;
    for (const auto& line : read_source("ARCHITECTURE.md").lines)
        if (std::regex_match(line, match, row)) rooms[match[2]] = std::stoi(match[1]);
    return rooms;
}

// "election/elector.hpp" is in lib/election, "daemon/http.hpp" in daemon; "elector.hpp" is in the including room.
std::string room_of(const std::string& header, const std::map<std::string, int>& rooms) {
    const auto first = header.substr(0, header.find('/'));
    if (rooms.contains("lib/" + first)) return "lib/" + first;
    return rooms.contains(first) ? first : std::string();
}

void check_includes(const source_file& file, const std::string& room, const std::map<std::string, int>& rooms) {
    static const std::regex quoted(R"re(^\s*#\s*include\s+"([^"]+/[^"]+)")re");
    for (const auto& header : all_matches(file, quoted)) {
        const auto other = room_of(header, rooms);
        if (other.empty() || other == room) continue;
        INFO(file.path << " includes " << header);
        CHECK(rooms.at(other) < rooms.at(room));
    }
}

std::set<std::string> who_includes(const std::regex& header) {
    std::set<std::string> rooms;
    for (const auto* part : {"lib", "api", "config", "daemon", "cli", "examples"})
        for (const auto& file : sources_below(part, code))
            if (!all_matches(file, header).empty())
                rooms.insert(std::filesystem::path(file.path).parent_path().string());
    return rooms;
}

}  // namespace

TEST_CASE("every room has a floor, and every floor's room is there") {
    const auto rooms = floors();
    CHECK(rooms.size() >= 12);
    for (const auto& [room, floor] : rooms) {
        INFO(room);
        CHECK_FALSE(sources_below(room, code).empty());
    }
    for (const auto& entry : std::filesystem::directory_iterator(PENHOLDER_SOURCE_DIR "/lib")) {
        const auto name = "lib/" + entry.path().filename().string();
        INFO(name);
        if (entry.is_directory()) CHECK((rooms.contains(name) || name == "lib/include"));
    }
}

TEST_CASE("a room includes itself and lower floors only") {
    const auto rooms = floors();
    for (const auto& [room, floor] : rooms)
        for (const auto& file : sources_below(room, code)) check_includes(file, room, rooms);
}

TEST_CASE("the public face includes nothing but itself and libraries") {
    static const std::regex quoted(R"re(^\s*#\s*include\s+"([^"]+)")re");
    for (const auto& file : sources_below("lib/include", code)) {
        INFO(file.path);
        CHECK(all_matches(file, quoted).empty());
    }
}

TEST_CASE("only lib/zookeeper knows the ZooKeeper client") {
    CHECK(who_includes(std::regex(R"(#\s*include\s+<(zookeeper[/.][^>]*)>)")) ==
          std::set<std::string>{"lib/zookeeper"});
}

TEST_CASE("only lib/postgres knows libpqxx and libpq") {
    CHECK(who_includes(std::regex(R"(#\s*include\s+<(pqxx[^>]*|libpq[^>]*|postgres_ext\.h)>)")) ==
          std::set<std::string>{"lib/postgres"});
}

TEST_CASE("a room that decides holds no socket, thread, lock or file, and no timer but the clock's") {
    static const std::regex worldly(
        R"(#\s*include\s+<((?:boost/(?:asio|beast|process|thread)|sys/|netinet/|arpa/|asio)[^>]*|)"
        R"((?:thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)|)"
        R"((?:fstream|filesystem|iostream)|(?:unistd|netdb|poll|pthread|fcntl|semaphore)\.h)>)");
    for (const auto& room : deciding_rooms) {
        REQUIRE_FALSE(sources_below("lib/" + room, code).empty());
        for (const auto& file : sources_below("lib/" + room, code)) {
            for (const auto& header : all_matches(file, worldly)) {
                INFO(file.path << " includes <" << header << ">");
                CHECK(header.empty());
            }
        }
    }
}
