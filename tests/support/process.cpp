#include "process.hpp"

#include "patience.hpp"
#include "temporary_directory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <iterator>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace penholder::testing {
namespace {

// Everything that the child needs is made before the fork: between fork and exec only plain system calls are safe.
struct launch {
    explicit launch(const process_options& options) : log(options.log_file.empty() ? "/dev/null" : options.log_file) {
        for (const auto& word : options.command) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
        for (const auto& entry : options.environment) environment.push_back(const_cast<char*>(entry.c_str()));
        environment.push_back(nullptr);
        if (!options.user.empty() && ::getuid() == 0) account = ::getpwnam(options.user.c_str());
        if (!options.directory.empty()) directory = options.directory.c_str();
    }

    bool become_user() const {
        if (account == nullptr) return true;
        return ::setgroups(1, &account->pw_gid) == 0 && ::setgid(account->pw_gid) == 0 &&
               ::setuid(account->pw_uid) == 0;
    }

    bool open_streams() const {
        const int in = ::open("/dev/null", O_RDONLY);
        const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
        return in >= 0 && out >= 0 && ::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(out, 2) >= 0;
    }

    // The pipe closes by itself when the new program begins; before that it carries why it does not.
    [[noreturn]] void exec(int failures) const {
        ::setpgid(0, 0);
        // The signal is asked for after the change of user, which would cancel it.
        const bool ready = open_streams() && become_user() && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
                           (directory == nullptr || ::chdir(directory) == 0) &&
                           ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
        if (ready) ::execvpe(arguments.front(), arguments.data(), environment.data());
        const int failure = errno;
        [[maybe_unused]] const auto written = ::write(failures, &failure, sizeof failure);
        ::_exit(127);
    }

    std::filesystem::path log;
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const passwd* account = nullptr;
    const char* directory = nullptr;
};

int exit_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

process::process(process_options options) : options_(std::move(options)) {
    const launch child(options_);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    pid_ = ::fork();
    if (pid_ == 0) child.exec(ends[1]);
    ::close(ends[1]);
    int failure = pid_ < 0 ? errno : 0;
    // Waits for the new program, so that no signal meets the child while it is still a copy of us.
    [[maybe_unused]] const auto count = ::read(ends[0], &failure, sizeof failure);
    ::close(ends[0]);
    if (failure == 0) return;
    kill();
    throw std::system_error(failure, std::generic_category(), options_.command.front());
}

process::~process() {
    kill();
}

process::process(process&& other) noexcept
    : options_(std::move(other.options_)), pid_(std::exchange(other.pid_, -1)), ended_(other.ended_) {}

process& process::operator=(process&& other) noexcept {
    kill();
    options_ = std::move(other.options_);
    pid_ = std::exchange(other.pid_, -1);
    ended_ = other.ended_;
    return *this;
}

bool process::running() {
    return pid_ > 0 && !wait(std::chrono::milliseconds(0));
}

void process::send(int signal) const {
    if (pid_ > 0 && !ended_) ::kill(pid_, signal);
}

void process::kill() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    wait(limit::boot);
}

std::optional<int> process::wait(std::chrono::milliseconds most) {
    eventually(
        [this] {
            int status = 0;
            if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = exit_code(status);
            return ended_.has_value();
        },
        most);
    return ended_;
}

std::string process::log() const {
    return text_of(options_.log_file);
}

std::string run(process_options options, std::chrono::milliseconds most) {
    const temporary_directory scratch;
    if (options.log_file.empty()) options.log_file = scratch / "output";
    const auto command = fmt::format("{}", fmt::join(options.command, " "));
    process child(std::move(options));
    const auto code = child.wait(most);
    if (code == 0) return child.log();
    throw std::runtime_error(
        fmt::format("`{}` {}:\n{}", command, code ? fmt::format("failed with {}", *code) : "did not end", child.log()));
}

}  // namespace penholder::testing
