#pragma once

#include <penholder/leadership.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <string>

namespace penholder::daemon {

/// Talks to systemd, where that started the daemon (Type=notify); else every call does nothing. Owned by `process`;
/// used on the daemon's one thread, whose being alive the watchdog's pings prove.
class supervisor {
public:
    explicit supervisor(boost::asio::any_io_executor executor);

    void ready();
    void leadership_changed(const leadership& now);
    void stopping();

private:
    void ping_watchdog();

    boost::asio::steady_timer pings_;
    std::chrono::microseconds interval_{0};
    std::map<std::string, std::string> groups_;
};

/// One line for `systemctl status`: "orders: follower of orders-2 in term 7; …".
std::string status_line(const std::map<std::string, std::string>& groups);
std::string describe(const leadership& now);

}  // namespace penholder::daemon
