#pragma once

#include "ask.hpp"
#include "session.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>
#include <vector>

namespace penholder::zookeeper {

// Reads without a watch, for those who await their replies.

inline boost::asio::awaitable<reply<znode>> get(session& with, std::string path) {
    return ask<znode>([&with, path = std::move(path)](auto done) { with.get(path, false, std::move(done)); });
}

inline boost::asio::awaitable<reply<listing>> children(session& with, std::string path) {
    return ask<listing>([&with, path = std::move(path)](auto done) { with.children(path, false, std::move(done)); });
}

/// A znode as it was read; what is not there counts as empty, of version 0, and `gone` says so.
struct found_znode {
    znode what;
    bool gone = false;
};

inline boost::asio::awaitable<result<found_znode>> find(session& with, std::string path) {
    auto answer = co_await get(with, std::move(path));
    if (answer) co_return found_znode{std::move(*answer), false};
    if (answer.error().why != reason::no_node) co_return answer.error().to_error();
    co_return found_znode{{}, true};
}

/// The names of a znode's children; none where it is not there.
inline boost::asio::awaitable<result<std::vector<std::string>>> list(session& with, std::string path) {
    auto answer = co_await children(with, std::move(path));
    if (answer) co_return std::move(answer->names);
    if (answer.error().why != reason::no_node) co_return answer.error().to_error();
    co_return std::vector<std::string>();
}

}  // namespace penholder::zookeeper
