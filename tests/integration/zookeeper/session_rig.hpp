#pragma once

#include "support/patience.hpp"
#include "zookeeper/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace penholder::testing {

/// One thread on which sessions run, and the patience to wait on them.
struct rig {
    boost::asio::io_context io;

    bool until(const std::function<bool()>& condition, std::chrono::milliseconds most = std::chrono::seconds(15)) {
        const auto deadline = std::chrono::steady_clock::now() + patience(most);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            io.restart();
            io.run_for(std::chrono::milliseconds(5));
        }
        return true;
    }

    zookeeper_options options(const std::string& hosts, int timeout_ms = 1000) {
        zookeeper_options made;
        made.hosts = hosts;
        made.session_timeout_ms = timeout_ms;
        return made;
    }

    std::unique_ptr<zookeeper::session> connect(const zookeeper_options& how) {
        auto made = std::make_unique<zookeeper::session>(io.get_executor(), how);
        made->open();
        if (!until([&] { return made->connected(); })) throw std::runtime_error("no session with " + how.hosts);
        return made;
    }
    std::unique_ptr<zookeeper::session> connect(const std::string& hosts) { return connect(options(hosts)); }

    /// Waits for the one answer of an operation that `start` begins.
    template <class T>
    zookeeper::reply<T> ask(const std::function<void(std::function<void(zookeeper::reply<T>)>)>& start) {
        auto answer = std::make_shared<std::optional<zookeeper::reply<T>>>();
        start([answer](zookeeper::reply<T> told) { *answer = std::move(told); });
        if (!until([&] { return answer->has_value(); })) throw std::runtime_error("an operation was not answered");
        return std::move(**answer);
    }

    /// Waits for what a coroutine returns.
    template <class T>
    T await(boost::asio::awaitable<T> what) {
        auto outcome = std::make_shared<std::optional<T>>();
        boost::asio::co_spawn(io, std::move(what), [outcome](const std::exception_ptr& broken, T value) {
            if (broken) std::rethrow_exception(broken);
            *outcome = std::move(value);
        });
        if (!until([&] { return outcome->has_value(); })) throw std::runtime_error("a coroutine did not end");
        return std::move(**outcome);
    }

    zookeeper::reply<> create(zookeeper::session& with, const std::string& path, const std::string& data = {},
                              zookeeper::create_mode mode = zookeeper::create_mode::persistent) {
        const auto made = ask<std::string>([&](auto done) { with.create(path, data, mode, std::move(done)); });
        return made ? zookeeper::reply<>() : zookeeper::reply<>(made.error());
    }
    bool exists(zookeeper::session& with, const std::string& path) {
        return ask<zookeeper::stat>([&](auto done) { with.exists(path, false, std::move(done)); }).has_value();
    }
    void write(zookeeper::session& with, const std::string& path, const std::string& data) {
        const auto set = ask<zookeeper::stat>([&](auto done) { with.set(path, data, -1, std::move(done)); });
        if (!set) throw std::runtime_error(set.error().to_error().message);
    }
    void remove(zookeeper::session& with, const std::string& path) {
        const auto gone = ask<void>([&](auto done) { with.remove(path, -1, std::move(done)); });
        if (!gone) throw std::runtime_error(gone.error().to_error().message);
    }
    void remove_tree(zookeeper::session& with, const std::string& path) {
        const auto below = ask<zookeeper::listing>([&](auto done) { with.children(path, false, std::move(done)); });
        if (!below) return;
        for (const auto& name : below->names) remove_tree(with, path + "/" + name);
        ask<void>([&](auto done) { with.remove(path, -1, std::move(done)); });
    }
};

}  // namespace penholder::testing
