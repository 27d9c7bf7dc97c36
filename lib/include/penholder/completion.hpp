#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace penholder {

/// A completion handler whose type is forgotten. It may be called once, from any thread; the handler then runs on its
/// own associated executor, which is kept busy until then.
template <class... Results>
class completion {
public:
    template <class Handler, class Executor>
    completion(Handler handler, const Executor& fallback) {
        auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler, fallback),
                                            boost::asio::execution::outstanding_work.tracked);
        auto shared = std::make_shared<Handler>(std::move(handler));
        call_ = [shared = std::move(shared), executor = std::move(executor)](Results... results) mutable {
            boost::asio::dispatch(executor, [shared = std::move(shared), ... results = std::move(results)]() mutable {
                std::move (*shared)(std::move(results)...);
            });
        };
    }

    void operator()(Results... results) { std::exchange(call_, nullptr)(std::move(results)...); }
    explicit operator bool() const noexcept { return call_ != nullptr; }

private:
    std::function<void(Results...)> call_;
};

}  // namespace penholder
