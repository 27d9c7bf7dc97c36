#include "cli/survey/ensemble.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds closing_time{1000};

}  // namespace

asio::awaitable<result<zookeeper::session*>> ensemble::reach(std::chrono::milliseconds within) {
    if (where_.hosts.empty()) {
        co_return error{errc::invalid_argument,
                        "nobody said where the ensemble is; use --zookeeper, PENHOLDER_ZOOKEEPER or --config"};
    }
    if (!session_) {
        session_ = std::make_unique<zookeeper::session>(executor_, where_);
        session_->open();
    }
    const auto connected = co_await session_->wait_connected(within);
    if (connected) co_return session_.get();
    co_return connected.error();
}

asio::awaitable<void> ensemble::close() {
    if (!session_) co_return;
    const auto closed = std::make_shared<asio::steady_timer>(executor_, closing_time);
    session_->close([closed] { closed->cancel(); });
    boost::system::error_code cancelled;
    co_await closed->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace penholder::cli
