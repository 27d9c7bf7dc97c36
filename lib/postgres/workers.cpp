#include "workers.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <utility>

namespace penholder::postgres {

workers::~workers() {
    end();
}

void workers::end() {
    if (finisher_.joinable()) return finisher_.join();
    pool_.stop();
    pool_.join();
    pool_.drop_calls();
}

void workers::finish(const boost::asio::any_io_executor& executor, std::function<void()> done) {
    pool_.stop();
    auto busy = boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
    finisher_ = std::thread([this, busy = std::move(busy), done = std::move(done)]() mutable {
        pool_.join();
        boost::asio::post(busy, [this, done = std::move(done)] {
            pool_.drop_calls();
            done();
        });
    });
}

}  // namespace penholder::postgres
