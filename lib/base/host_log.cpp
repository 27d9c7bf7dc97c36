#include "log.hpp"

#include <penholder/log.hpp>

#include <spdlog/sinks/sink.h>

#include <memory>
#include <string>
#include <utility>

namespace penholder {
namespace {

spdlog::level::level_enum to_spdlog(log_level level) {
    switch (level) {
        case log_level::debug: return spdlog::level::debug;
        case log_level::info: return spdlog::level::info;
        case log_level::warning: return spdlog::level::warn;
        case log_level::error: break;
    }
    return spdlog::level::err;
}

log_level from_spdlog(spdlog::level::level_enum level) {
    if (level <= spdlog::level::debug) return log_level::debug;
    if (level == spdlog::level::info) return log_level::info;
    return level == spdlog::level::warn ? log_level::warning : log_level::error;
}

/// Lines go out as they are: the host formats them.
class host_sink : public spdlog::sinks::sink {
public:
    explicit host_sink(log_sink to) : to_(std::move(to)) {}

    void log(const spdlog::details::log_msg& message) override {
        to_(from_spdlog(message.level), {message.payload.data(), message.payload.size()});
    }
    void flush() override {}
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
    log_sink to_;
};

}  // namespace

void set_log(log_level least, log_sink sink) {
    if (!sink) return set_log(nullptr);
    auto made = std::make_shared<spdlog::logger>("penholder", std::make_shared<host_sink>(std::move(sink)));
    made->set_level(to_spdlog(least));
    set_log(std::move(made));
}

}  // namespace penholder
