#include "shop.hpp"

#include "outside_build.hpp"
#include "support/patience.hpp"

#include <fcntl.h>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace penholder::testing {
namespace {

std::vector<std::string> lines_that_begin(const std::string& text, const std::string& with) {
    std::vector<std::string> found;
    std::istringstream all(text);
    for (std::string line; std::getline(all, line);)
        if (line.starts_with(with)) found.push_back(line);
    return found;
}

}  // namespace

shop::shop(const std::string& name, const std::string& zookeeper, const std::string& database) {
    const auto pipe = directory_ / "stdin";
    if (::mkfifo(pipe.c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
    input_ = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    process_options options;
    options.command = {"bash",
                       "-c",
                       "exec \"$@\" <'" + pipe.string() + "'",
                       "shop",
                       outside_build::shared().example("stock-service"),
                       name,
                       zookeeper,
                       database};
    options.log_file = directory_ / "log";
    process_.emplace(std::move(options));
}

shop::~shop() {
    ::close(input_);
}

void shop::tell(const std::string& line) const {
    const auto text = line + "\n";
    if (::write(input_, text.data(), text.size()) < 0) throw std::runtime_error("the shop's stdin is closed");
}

bool shop::said(const std::string& text) const {
    return log().find(text) != std::string::npos;
}

void shop::wait_until_said(const std::string& text) const {
    wait_until(
        "a shop says '" + text + "'", [&] { return said(text); }, limit::leadership);
}

std::string shop::sell(const std::string& item, const std::string& order) {
    const auto before = answers_to(order);
    tell("sell " + item + " " + order);
    wait_until(
        "order " + order + " is answered", [&] { return answers_to(order) > before; }, limit::leadership);
    return lines_that_begin(log(), order + " ").back();
}

std::size_t shop::answers_to(const std::string& order) const {
    return lines_that_begin(log(), order + " ").size();
}

}  // namespace penholder::testing
