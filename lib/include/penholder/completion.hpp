#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>

#include <memory>
#include <utility>

namespace penholder {

/// A completion handler whose type is forgotten. It may be called once, from any thread; the handler then runs on its
/// own associated executor, which is kept busy until then. Copies share the handler.
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
        auto once = std::exchange(handler_, nullptr);
        auto& handler = *once;
        handler.call(std::move(once), std::move(results)...);
    }
    explicit operator bool() const noexcept { return handler_ != nullptr; }

private:
    struct any_handler {
        virtual ~any_handler() = default;
        virtual void call(std::shared_ptr<any_handler> self, Results... results) = 0;
    };

    template <class Handler, class Executor>
    struct kept final : any_handler {
        kept(Handler given, Executor on) : handler(std::move(given)), executor(std::move(on)) {}

        void call(std::shared_ptr<any_handler> self, Results... results) override {
            const auto where = std::move(executor);
            boost::asio::dispatch(where, [self = std::move(self), ... results = std::move(results)]() mutable {
                auto ready = std::move(static_cast<kept&>(*self).handler);
                self.reset();
                std::move(ready)(std::move(results)...);
            });
        }

        Handler handler;
        Executor executor;
    };

    std::shared_ptr<any_handler> handler_;
};

}  // namespace penholder
