#pragma once

#include "config/configuration.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

namespace penholder::daemon {

/// Writes lines to stderr, or to a file that can be opened anew after it was moved away. Any thread.
class log_file : public spdlog::sinks::base_sink<std::mutex> {
public:
    /// An empty path stands for stderr. Throws std::system_error where the file cannot be opened.
    explicit log_file(std::string path);
    ~log_file() override;
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;

    /// Keeps the old file where the new one cannot be opened.
    void reopen();

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;

private:
    std::string path_;
    std::FILE* file_;
};

/// A log as configured: `text` lines "time level event key=value …", or `json` lines whose members are time, level,
/// event and the event's fields, all of them strings; `message` stands in for what is no line of ours.
std::shared_ptr<spdlog::logger> make_log(const config::log_options& settings, std::shared_ptr<log_file> to);

}  // namespace penholder::daemon
