#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <optional>
#include <string>

namespace penholder::testing {

/// One running instance of examples/stock-service, with its stdin in our hands.
class shop {
public:
    shop(const std::string& name, const std::string& zookeeper, const std::string& database);
    ~shop();
    shop(const shop&) = delete;
    shop& operator=(const shop&) = delete;

    void tell(const std::string& line) const;
    bool said(const std::string& text) const;
    void wait_until_said(const std::string& text) const;

    /// The line that answered the sale of this order, the last one where it was sold several times.
    std::string sell(const std::string& item, const std::string& order);

    std::optional<int> wait() { return process_->wait(); }
    std::string log() const { return process_->log(); }

private:
    std::size_t answers_to(const std::string& order) const;

    temporary_directory directory_;
    int input_ = -1;
    std::optional<process> process_;
};

}  // namespace penholder::testing
