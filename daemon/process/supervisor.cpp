#include "daemon/process/supervisor.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdint>

namespace penholder::daemon {
namespace {

void notify(const std::string& message) {
    ::sd_notify(0, message.c_str());
}

}  // namespace

supervisor::supervisor(boost::asio::any_io_executor executor) : pings_(std::move(executor)) {
    std::uint64_t limit_us = 0;
    if (::sd_watchdog_enabled(0, &limit_us) > 0) interval_ = std::chrono::microseconds(limit_us / 2);
}

void supervisor::ready() {
    notify("READY=1");
    if (interval_.count() > 0) ping_watchdog();
}

void supervisor::leadership_changed(const leadership& now) {
    groups_[now.group] = describe(now);
    notify("STATUS=" + status_line(groups_));
}

void supervisor::stopping() {
    pings_.cancel();
    notify("STOPPING=1\nSTATUS=Handing over");
}

void supervisor::ping_watchdog() {
    notify("WATCHDOG=1");
    pings_.expires_after(interval_);
    pings_.async_wait([this](boost::system::error_code stopped) {
        if (!stopped) ping_watchdog();
    });
}

std::string describe(const leadership& now) {
    if (now.is_leader()) return fmt::format("leader in term {}", now.term);
    if (now.leader.empty()) return fmt::format("{}, no leader known", to_string(now.role));
    return fmt::format("{} of {} in term {}", to_string(now.role), now.leader, now.term);
}

std::string status_line(const std::map<std::string, std::string>& groups) {
    std::string line;
    for (const auto& [group, text] : groups) line += fmt::format("{}{}: {}", line.empty() ? "" : "; ", group, text);
    return line;
}

}  // namespace penholder::daemon
