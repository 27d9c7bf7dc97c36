#include "daemon/process/token_files.hpp"

#include "base/log_event.hpp"
#include "config/access_tokens.hpp"

#include <fmt/format.h>

#include <chrono>
#include <sys/stat.h>
#include <utility>

namespace penholder::daemon {
namespace {

constexpr std::chrono::seconds between_looks{1};

/// Empty where it is not there. One that a link of the same name leads to is another file.
std::string state_of(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return {};
    return fmt::format("{} {} {} {} {}.{}", about.st_dev, about.st_ino, about.st_mode, about.st_size,
                       about.st_ctim.tv_sec, about.st_ctim.tv_nsec);
}

}  // namespace

token_files::token_files(boost::asio::any_io_executor executor, config::configuration& settings)
    : look_(std::move(executor)), node_(settings.node.name) {
    for (auto* tokens : {&settings.http.token, &settings.http.operator_token}) {
        const std::string key = tokens == &settings.http.token ? "http.token" : "http.operator_token";
        const auto file = settings.secret_files.find(key);
        if (file == settings.secret_files.end()) continue;
        files_.push_back({key, file->second, tokens, state_of(file->second)});
    }
}

void token_files::watch() {
    if (files_.empty()) return;
    look_.expires_after(between_looks);
    look_.async_wait([this](boost::system::error_code stopped) {
        if (stopped) return;
        for (auto& each : files_) {
            if (state_of(each.path) != each.state) read(each);
        }
        watch();
    });
}

void token_files::read_again() {
    for (auto& each : files_) read(each);
}

void token_files::stop() {
    look_.cancel();
}

void token_files::read(token_file& from) {
    from.state = state_of(from.path);
    auto found = config::read_tokens(from.path);
    if (!found) {
        log_warn("tokens_not_read")
            .with("node", node_)
            .with("key", from.key)
            .with("reason", found.error().message + "; those that were read before stay valid");
    } else if (*found != *from.tokens) {
        *from.tokens = std::move(*found);
        log_info("tokens_read")
            .with("node", node_)
            .with("key", from.key)
            .with("tokens", config::access_tokens(*from.tokens).size());
    }
}

}  // namespace penholder::daemon
