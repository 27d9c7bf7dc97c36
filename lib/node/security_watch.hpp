#pragma once

#include "postgres/workers.hpp"
#include "tcp/link_files.hpp"
#include "tcp/link_security.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace penholder {

/// Keeps what protects a node's links as the files of its secrets and certificates say: reads them every two seconds
/// and when it is asked to, off the strand, and has new links use what has changed. What cannot be used is told by the
/// log, once, and what was in use stays so. Tells of a certificate that ends soon, once a day. Owned by the node; all
/// calls on its strand.
class security_watch : public std::enable_shared_from_this<security_watch> {
public:
    security_watch(boost::asio::any_io_executor strand, const options& settings,
                   std::shared_ptr<postgres::workers> threads);

    /// Reads the files for the first time, which may block, and begins to watch them. Errors: invalid_configuration.
    result<> open();
    void look_again();
    void close();

    const std::shared_ptr<tcp::link_security>& security() const noexcept { return security_; }

    /// Until this node's certificate ends; nothing without one.
    std::optional<std::chrono::seconds> certificate_ends_in() const;

private:
    void watch();
    void came(result<tcp::link_material> read);
    void keep_old(const error& why);
    void tell_of_end();

    boost::asio::any_io_executor strand_;
    link_options settings_;
    std::string node_;
    std::shared_ptr<postgres::workers> threads_;
    std::shared_ptr<tcp::link_security> security_;
    boost::asio::steady_timer timer_;
    tcp::link_material last_;  ///< As it was read last, whether it could be used or not.
    std::string complaint_;    ///< Of the last look; empty where there was none.
    std::optional<std::chrono::steady_clock::time_point> told_of_end_;
    bool reading_ = false;
    bool closed_ = false;
};

}  // namespace penholder
