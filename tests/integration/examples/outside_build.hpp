#pragma once

#include <filesystem>
#include <string>

namespace penholder::testing {

/// Penholder installed into a folder of its own, and the examples built against it as a user's projects would be: with
/// nothing but `find_package(penholder)`. It is made once for all tests of this program and removed at its end.
class outside_build {
public:
    static const outside_build& shared();
    ~outside_build();

    /// A program that was installed, or the one that an example makes.
    std::string installed(const std::string& program) const { return (prefix() / "bin" / program).string(); }
    std::string example(const std::string& name) const { return (folder_ / name / name).string(); }

    /// Where everything that was installed is.
    std::filesystem::path prefix() const { return folder_ / "prefix"; }

private:
    outside_build();
    void install() const;
    void build(const std::string& example) const;

    /// The same at each run, so that the compiler's cache knows it.
    std::filesystem::path folder_ = PENHOLDER_BINARY_DIR "/outside";
};

}  // namespace penholder::testing
