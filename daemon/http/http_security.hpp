#pragma once

#include "config/configuration.hpp"
#include "tls/credentials.hpp"
#include "tls/file_watch.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <string>

namespace penholder::daemon {

/// What HTTP's connections are protected by: TLS as the files of `http.tls_cert_file` and its companions say at the
/// moment, or nothing. Owned by `process`; used on the daemon's one thread. The files are read on a thread of its own.
class http_security {
public:
    http_security(boost::asio::any_io_executor executor, const config::http_options& settings, std::string node);
    ~http_security();

    /// Reads the files for the first time, which may block, and watches them from then on. Errors:
    /// invalid_configuration.
    result<> open();
    void look_again();
    void close();

    /// What connections go by that begin now; null: plain text.
    const std::shared_ptr<tls::credentials>& now() const noexcept { return now_; }

private:
    std::shared_ptr<tls::credentials> now_;
    std::unique_ptr<boost::asio::thread_pool> reader_;
    std::shared_ptr<tls::file_watch> files_;  ///< Null, as the reader is, where there is no TLS.
};

}  // namespace penholder::daemon
