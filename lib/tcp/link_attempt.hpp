#pragma once

#include "connection.hpp"
#include "link_security.hpp"
#include "wire/follower_handshake.hpp"

#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <variant>

namespace penholder::tcp {

/// A connection whose leader has let us in.
struct established {
    std::shared_ptr<connection> over;
    wire::admitted as;
};

/// One attempt at a link: it looks the leader's address up, connects, agrees on TLS where there is some, and
/// goes through the handshake, all within
/// handshake_timeout_ms, or `names::patience` where a name server takes longer. Owned by a link, which makes a new one
/// for each attempt; all calls on the executor.
class link_attempt : public std::enable_shared_from_this<link_attempt> {
public:
    /// Target and settings must outlive the attempt.
    link_attempt(boost::asio::any_io_executor executor, const wire::link_target& target, const link_options& settings,
                 std::shared_ptr<const link_security> protection, std::shared_ptr<traffic> counted);

    using outcome = std::variant<established, link_loss>;

    /// Called once.
    static boost::asio::awaitable<outcome> run(std::shared_ptr<link_attempt> self);

    /// The link is not wanted any more: the attempt ends soon, with a loss, and says goodbye where somebody listens.
    void abandon();

private:
    enum class stage { running, over, too_late, abandoned };

    void limit();
    boost::asio::awaitable<outcome> connect_and_greet();
    boost::asio::awaitable<std::optional<link_loss>> connect();
    boost::asio::awaitable<std::optional<link_loss>> secure();
    boost::asio::awaitable<outcome> greet();
    link_loss connect_failed(boost::system::error_code why) const;

    boost::asio::any_io_executor executor_;
    const wire::link_target& target_;
    const link_options& settings_;
    std::shared_ptr<const link_security> protection_;
    std::shared_ptr<traffic> counted_;
    boost::asio::ip::tcp::socket socket_;     ///< While connecting.
    std::shared_ptr<connection> connection_;  ///< From then on.
    boost::asio::steady_timer limit_;
    stage stage_ = stage::running;
};

/// The loss of a link that its own owner closes.
link_loss closed_by_owner();

}  // namespace penholder::tcp
