#pragma once

#include "files.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::tls {

/// Keeps what protects connections as files say: reads them every two seconds and when it is asked to, and has new
/// connections use what has changed. What cannot be used is told by the log, once, and what was in use stays so. Tells
/// of one's own certificate that ends soon, once a day. Calls on `owner`, where they say nothing else.
class file_watch : public std::enable_shared_from_this<file_watch> {
public:
    using end = std::optional<std::chrono::system_clock::time_point>;

    /// What the files are for.
    struct subject {
        std::string_view of;  ///< What they protect, in the log's lines: "links".
        std::string node;     ///< In the log's lines, where it is set.

        /// Reads the files. Blocks; called on `reading`.
        std::function<result<material>()> read;

        /// Puts that to use, and tells when one's own certificate ends, where there is one. Called on `owner`.
        std::function<result<end>(const material&)> adopt;
    };

    /// What blocks is done on `reading`.
    file_watch(boost::asio::any_io_executor owner, boost::asio::any_io_executor reading, subject about);

    /// Reads the files for the first time, here, and begins to watch them where there are any. Errors: those of the
    /// subject.
    result<> open();
    void look_again();
    void close();

    /// Until one's own certificate ends; nothing without one. Any thread.
    std::optional<std::chrono::seconds> certificate_ends_in() const;

private:
    void watch();
    void came(result<material> read);
    result<> adopt(const material& what);
    void keep_old(const error& why);
    void tell_of_end();

    boost::asio::any_io_executor owner_;
    boost::asio::any_io_executor reading_;
    subject about_;
    boost::asio::steady_timer timer_;
    material last_;          ///< As it was read last, whether it could be used or not.
    std::string complaint_;  ///< Of the last look; empty where there was none.
    std::atomic<std::chrono::system_clock::time_point> ends_{};  ///< The epoch: there is no certificate.
    std::optional<std::chrono::steady_clock::time_point> told_of_end_;
    bool is_reading_ = false;
    bool closed_ = false;
};

/// For a subject that has certificates only.
std::function<result<material>()> reading(files which);

}  // namespace penholder::tls
