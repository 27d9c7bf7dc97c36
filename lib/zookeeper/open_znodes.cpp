#include "open_znodes.hpp"

#include "ask.hpp"
#include "election/paths.hpp"
#include "session.hpp"

#include <utility>

namespace penholder::zookeeper {
namespace {

boost::asio::awaitable<reply<bool>> is_open(session& with, std::string path) {
    return ask<bool>([&with, path = std::move(path)](auto done) { with.is_open(path, std::move(done)); });
}

}  // namespace

boost::asio::awaitable<result<std::vector<std::string>>> open_znodes(session& with, std::string root,
                                                                     std::string group) {
    const election::group_paths paths(root, group);
    auto looked_at = paths.persistent();
    looked_at.push_back(paths.leader);
    std::vector<std::string> open;
    for (const auto& path : looked_at) {
        const auto answer = co_await is_open(with, path);
        if (!answer && answer.error().why != reason::no_node) co_return answer.error().to_error();
        if (answer && *answer) open.push_back(path);
    }
    co_return open;
}

}  // namespace penholder::zookeeper
