#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace penholder::bench {

/// A `penholderd` of our own.
struct sidecar {
    std::string name;
    std::string group;  ///< The one that `leads` is about.
    std::uint16_t http_port = 0;
    testing::process process;

    bool leads() const;
    double resident_mib() const;
    double cpu_seconds() const;  ///< Used so far, user and system.
};

/// Several in one group. One leads and the others are ready to forward when they are made.
class sidecars {
public:
    struct options {
        std::string hosts;  ///< Of the ensemble.
        std::string root;
        std::string groups;  ///< The [[group]] tables of the configuration.
        std::string group;   ///< The one of them in which somebody has to lead before all is ready.
        std::size_t count = 3;
    };

    explicit sidecars(const options& wanted);

    std::vector<sidecar>& all() noexcept { return all_; }
    std::size_t leader() const;

private:
    sidecar start(const options& wanted, std::size_t index) const;

    testing::temporary_directory directory_;
    std::vector<sidecar> all_;
};

}  // namespace penholder::bench
