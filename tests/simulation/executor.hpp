#pragma once

#include "timeline.hpp"

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>

#include <utility>

namespace penholder::simulation {

/// Runs what a process posts in virtual time; the whole process is one strand.
class executor {
public:
    explicit executor(whereabouts where) : where_(where) {}

    template <class Work>
    void execute(Work&& work) const {
        present().at(present().now(), where_, task(std::forward<Work>(work)));
    }

    boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
        static boost::asio::execution_context nothing;
        return nothing;
    }
    static constexpr boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) noexcept {
        return boost::asio::execution::blocking.never;
    }
    friend bool operator==(const executor& a, const executor& b) noexcept {
        return a.where_.place == b.where_.place && a.where_.life == b.where_.life;
    }

private:
    whereabouts where_;
};

}  // namespace penholder::simulation
