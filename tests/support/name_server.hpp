#pragma once

#include "temporary_directory.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace penholder::testing {

/// A name server of the test's own, on port 53 of a loopback address of its own: every name stands for 127.0.0.1,
/// unless it is silent. Programs ask it where they are run `with_it`, and nobody else does.
class name_server {
public:
    /// Why there can be none here; empty where there can. It takes root: the port, and what programs see in /etc.
    static std::string unusable();

    name_server();
    ~name_server();
    name_server(const name_server&) = delete;
    name_server& operator=(const name_server&) = delete;

    /// The command, as one that has this name server and no other.
    std::vector<std::string> with_it(std::vector<std::string> command) const;

    void fall_silent() { silent_ = true; }
    void fall_silent_about(const std::string& name);
    std::uint64_t questions() const noexcept { return questions_; }

private:
    void serve();
    void answer(std::vector<std::uint8_t> question, const std::function<void(const std::vector<std::uint8_t>&)>& send);
    bool is_silent_about(const std::string& name);

    temporary_directory directory_;
    std::string address_;
    int socket_ = -1;
    std::atomic<bool> silent_ = false;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> questions_ = 0;
    std::mutex mutex_;
    std::set<std::string> unanswered_;
    std::thread thread_;
};

}  // namespace penholder::testing
