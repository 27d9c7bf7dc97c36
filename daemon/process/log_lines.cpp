#include "daemon/process/log_lines.hpp"

#include "base/log_line.hpp"
#include "base/printable.hpp"

#include <spdlog/pattern_formatter.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

namespace penholder::daemon {
namespace {

std::FILE* open(const std::string& path) {
    if (path.empty()) return stderr;
    std::FILE* file = std::fopen(path.c_str(), "ae");
    if (file == nullptr) throw std::system_error(errno, std::generic_category(), "log.file '" + path + "'");
    return file;
}

std::string_view payload_of(const spdlog::details::log_msg& message) {
    return {message.payload.data(), message.payload.size()};
}

void append(spdlog::memory_buf_t& into, std::string_view text) {
    into.append(text.data(), text.data() + text.size());
}

/// Whether the fields can be members of one JSON object beside time, level and event.
bool are_distinct(const log_line& line) {
    std::set<std::string_view> names{"time", "level", "event", "message"};
    return std::ranges::all_of(line.fields, [&](const auto& field) { return names.insert(field.first).second; });
}

/// The message as members of a JSON object: the event and its fields, or `message` where it is no line of ours.
class message_members : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
        const auto line = parse_log_line(payload_of(message));
        std::string members;
        if (line && are_distinct(*line)) {
            members = "\"event\":";
            append_json_string(members, line->event);
            for (const auto& [name, value] : line->fields) {
                members += ",\"" + name + "\":";
                append_json_string(members, value);
            }
        } else {
            members = "\"message\":";
            append_json_string(members, payload_of(message));
        }
        append(into, members);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<message_members>(); }
};

/// The message on one line, harmless to a terminal. Lines of ours are so already; what else logs here may not be.
class printable_message : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
        append(into, printable(payload_of(message)));
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<printable_message>(); }
};

std::unique_ptr<spdlog::formatter> formatter(const std::string& format) {
    auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    made->add_flag<message_members>('*');
    made->add_flag<printable_message>('_');
    made->set_pattern(format == "json" ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%*})"
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
