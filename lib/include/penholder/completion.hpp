#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace penholder {

/// A completion handler whose type is forgotten. It may be called from any thread, each copy once; the first call of
/// all counts, and the handler then runs on its own associated executor, which is kept busy until then.
template <class... Results>
class completion {
public:
    template <class Handler, class Executor>
    completion(Handler handler, const Executor& fallback) {
        auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler, fallback),
                                            boost::asio::execution::outstanding_work.tracked);
        handler_ = std::make_shared<kept<Handler, decltype(executor)>>(std::move(handler), std::move(executor));
    }

    void operator()(Results... results) {
        call(std::exchange(handler_, nullptr), when::at_once, std::move(results)...);
    }
    explicit operator bool() const noexcept { return handler_ != nullptr; }

    /// Calls the handler before anybody else does, never from within that call: for a cancellation slot, which it may
    /// outlive or be outlived by.
    auto ending() const {
        return [weak = std::weak_ptr(handler_)](Results... results) {
            if (auto handler = weak.lock()) call(std::move(handler), when::soon, std::move(results)...);
        };
    }

private:
    enum class when { at_once, soon };

    struct any_handler {
        virtual ~any_handler() = default;
        virtual void call(std::shared_ptr<any_handler> self, when how, Results... results) = 0;
        std::atomic_flag is_called;
    };

    static void call(std::shared_ptr<any_handler> once, when how, Results... results) {
        auto& handler = *once;
        if (!handler.is_called.test_and_set()) handler.call(std::move(once), how, std::move(results)...);
    }

    template <class Handler, class Executor>
    struct kept final : any_handler {
        kept(Handler given, Executor on) : handler(std::move(given)), executor(std::move(on)) {}

        void call(std::shared_ptr<any_handler> self, when how, Results... results) override {
            const auto where = std::move(executor);
            auto run = [self = std::move(self), ... results = std::move(results)]() mutable {
                auto ready = std::move(static_cast<kept&>(*self).handler);
                self.reset();
                std::move(ready)(std::move(results)...);
            };
            how == when::soon ? boost::asio::post(where, std::move(run)) : boost::asio::dispatch(where, std::move(run));
        }

        Handler handler;
        Executor executor;
    };

    std::shared_ptr<any_handler> handler_;
};

}  // namespace penholder
