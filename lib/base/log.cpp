#include "log.hpp"

#include <spdlog/sinks/stdout_sinks.h>

#include <utility>

namespace penholder {
namespace {

std::shared_ptr<spdlog::logger> make_stderr_logger() {
    auto made = std::make_shared<spdlog::logger>("penholder", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::warn);
    return made;
}

std::shared_ptr<spdlog::logger>& instance() {
    static std::shared_ptr<spdlog::logger> logger = make_stderr_logger();
    return logger;
}

}  // namespace

spdlog::logger& log() {
    return *instance();
}

void set_log(std::shared_ptr<spdlog::logger> logger) {
    instance() = logger ? std::move(logger) : make_stderr_logger();
}

}  // namespace penholder
