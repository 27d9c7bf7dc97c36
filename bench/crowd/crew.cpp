#include "crowd/crew.hpp"

#include "support/memory.hpp"

#include <stdexcept>
#include <utility>

namespace penholder::bench {

using boost::asio::ip::tcp;

worker::worker(testing::process running, tcp::socket commands)
    : process_(std::move(running)), commands_(std::move(commands)) {}

void worker::tell(const std::string& command) {
    commands_ << command << std::endl;
}

std::string worker::answer() {
    std::string line;
    if (!std::getline(commands_, line)) throw std::runtime_error("a worker has ended");
    return line;
}

std::string worker::ask(const std::string& command) {
    tell(command);
    return answer();
}

std::size_t worker::resident_bytes() const {
    return testing::resident_bytes(process_.pid());
}

crew::crew(worker_plan plan)
    : plan_(std::move(plan)), door_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}

std::unique_ptr<worker> crew::hire(int priority) {
    testing::process running({.command = {"/proc/self/exe", "--worker", std::to_string(door_.local_endpoint().port()),
                                          "--hosts", plan_.hosts, "--database", plan_.database, "--session-ms",
                                          std::to_string(plan_.session_ms), "--priority", std::to_string(priority)}});
    return std::make_unique<worker>(std::move(running), door_.accept());
}

}  // namespace penholder::bench
