#pragma once

#include "config/configuration.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>
#include <vector>

namespace penholder::daemon {

/// Reads the files of HTTP's tokens again when they change, and when it is told to. Where one cannot be used any more,
/// the tokens that were read from it last stay valid. Owned by `process`, whose configuration outlives it; used on the
/// daemon's one thread.
class token_files {
public:
    token_files(boost::asio::any_io_executor executor, config::configuration& settings);

    void watch();
    void read_again();
    void stop();

private:
    struct token_file {
        std::string key;
        std::string path;
        std::string* tokens;
        std::string state;  ///< What shows whether it has changed.
    };

    void read(token_file& from);

    boost::asio::steady_timer look_;
    std::string node_;
    std::vector<token_file> files_;
};

}  // namespace penholder::daemon
