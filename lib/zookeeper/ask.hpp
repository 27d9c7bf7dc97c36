#pragma once

#include "session.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace penholder::zookeeper {

/// Awaits what `start` begins: it is given a callback for the reply.
template <class T, class Start>
boost::asio::awaitable<reply<T>> ask(Start start) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(reply<T>)>(
        [](auto handler, Start begin) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            begin(std::function<void(reply<T>)>([shared](reply<T> answer) {
                const auto executor = boost::asio::get_associated_executor(*shared);
                boost::asio::dispatch(executor, [shared, answer = std::move(answer)]() mutable {
                    std::move (*shared)(std::move(answer));
                });
            }));
        },
        boost::asio::use_awaitable, std::move(start));
}

}  // namespace penholder::zookeeper
