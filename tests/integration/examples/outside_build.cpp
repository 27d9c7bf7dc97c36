#include "outside_build.hpp"

#include "support/process.hpp"

#include <utility>
#include <vector>

namespace penholder::testing {
namespace {

namespace fs = std::filesystem;

void run_cmake(std::vector<std::string> words) {
    words.insert(words.begin(), "cmake");
    process_options options;
    options.command = std::move(words);
    run(std::move(options), limit::build);
}

}  // namespace

const outside_build& outside_build::shared() {
    static const outside_build only;
    return only;
}

outside_build::outside_build() {
    fs::remove_all(folder_);
    install();
    for (const auto* example : {"stock-service", "nightly-job"}) build(example);
}

outside_build::~outside_build() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void outside_build::install() const {
    run_cmake({"--install", PENHOLDER_BINARY_DIR, "--prefix", prefix().string()});
}

void outside_build::build(const std::string& example) const {
    const auto tree = (folder_ / example).string();
    run_cmake({"-C", PENHOLDER_BINARY_DIR "/outside.cmake", "-G", "Ninja", "-S",
               PENHOLDER_SOURCE_DIR "/examples/" + example, "-B", tree, "-DCMAKE_PREFIX_PATH=" + prefix().string()});
    run_cmake({"--build", tree});
}

}  // namespace penholder::testing
