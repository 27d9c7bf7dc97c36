#include "log_lines.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <spdlog/pattern_formatter.h>

#include <cerrno>
#include <system_error>

namespace penholder::daemon {
namespace {

std::FILE* open(const std::string& path) {
    if (path.empty()) return stderr;
    std::FILE* file = std::fopen(path.c_str(), "ae");
    if (file == nullptr) throw std::system_error(errno, std::generic_category(), "log.file '" + path + "'");
    return file;
}

/// The message as a JSON string.
class quoted_message : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
        const boost::json::string_view text(message.payload.data(), message.payload.size());
        const auto quoted = boost::json::serialize(boost::json::string(text));
        into.append(quoted.data(), quoted.data() + quoted.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<quoted_message>(); }
};

/// The message with its line breaks escaped: one event is one line, whatever a database put into its message.
class unbroken_message : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
        for (const char c : message.payload) {
            if (c == '\n' || c == '\r') into.push_back('\\');
            into.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c);
        }
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<unbroken_message>(); }
};

std::unique_ptr<spdlog::formatter> formatter(const std::string& format) {
    auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    made->add_flag<quoted_message>('*');
    made->add_flag<unbroken_message>('_');
    made->set_pattern(format == "json" ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})"
                                       : "%Y-%m-%dT%H:%M:%S.%eZ %l %_");
    return made;
}

}  // namespace

log_file::log_file(std::string path) : path_(std::move(path)), file_(open(path_)) {}

log_file::~log_file() {
    if (file_ != stderr) std::fclose(file_);
}

void log_file::reopen() {
    const std::lock_guard lock(mutex_);
    if (file_ == stderr) return;
    std::FILE* fresh = open(path_);
    std::fclose(std::exchange(file_, fresh));
}

void log_file::sink_it_(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), file_);
    std::fflush(file_);
}

void log_file::flush_() {
    std::fflush(file_);
}

std::shared_ptr<spdlog::logger> make_log(const config::log_options& settings, std::shared_ptr<log_file> to) {
    auto made = std::make_shared<spdlog::logger>("penholder", std::move(to));
    made->set_formatter(formatter(settings.format));
    made->set_level(spdlog::level::from_str(settings.level));
    return made;
}

}  // namespace penholder::daemon
