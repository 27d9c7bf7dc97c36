#include "base/log_event.hpp"
#include "base/printable.hpp"
#include "config/configuration.hpp"
#include "config/timeouts.hpp"
#include "daemon/process/command_line.hpp"
#include "daemon/process/file_limit.hpp"
#include "daemon/process/hardening.hpp"
#include "daemon/process/process.hpp"
#include "postgres/diagnosis.hpp"

#include <csignal>
#include <iostream>

namespace {

using namespace penholder;

int check(const config::configuration& settings, const std::string& file) {
    for (const auto& warning : settings.warnings) std::cerr << "warning: " << printable(warning) << '\n';
    for (const auto& group : settings.node.groups) {
        for (const auto& each : postgres::diagnose_names(group)) {
            std::cerr << "warning: " << printable("group " + group.name + ": " + each.subject + ": " + each.found)
                      << '\n';
        }
    }
    std::cout << file << " is fine\n" << printable_lines(config::render_timeouts(settings));
    return 0;
}

/// All connections that the configuration allows at once, and some for databases, ensemble and logs.
unsigned long long files_wanted(const config::configuration& settings) {
    constexpr unsigned long long others = 256;
    return settings.node.link.max_links + settings.node.link.max_handshakes + settings.http.max_connections +
           daemon::http_server::places_for_health + others;
}

int run(config::configuration settings) {
    auto file = std::make_shared<daemon::log_file>(settings.log.file);
    set_log(daemon::make_log(settings.log, file));
    for (const auto& warning : settings.warnings) log_warn("configuration_warning").with("reason", warning);
    daemon::warn_of_root();
    daemon::raise_file_limit(files_wanted(settings));
    return daemon::process(std::move(settings), std::move(file)).run();
}

}  // namespace

int main(int count, char** arguments) {
    int exit_code = 0;
    const auto given = daemon::read_command_line(count, arguments, exit_code);
    if (!given) return exit_code;
    std::signal(SIGPIPE, SIG_IGN);
    daemon::harden_process();
    try {
        auto settings = config::read(given->config);
        if (!settings) {
            std::cerr << printable_lines(settings.error().message) << '\n';
            return 1;
        }
        return given->check_config ? check(*settings, given->config) : run(*std::move(settings));
    } catch (const std::exception& failed) {
        std::cerr << "penholderd: " << printable(failed.what()) << '\n';
        return 1;
    }
}
