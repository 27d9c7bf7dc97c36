#include "cli/nodes/endpoints.hpp"

#include "names/address_book.hpp"

#include <utility>

namespace penholder::cli {

using boost::asio::ip::tcp;

boost::asio::awaitable<result<std::vector<tcp::endpoint>>> endpoints_of(const address& where,
                                                                        std::chrono::milliseconds within) {
    auto& book = names::address_book::of_process();
    auto host = where.host;
    const auto found = co_await book.look_up(std::move(host), within);
    if (!found) co_return error{errc::link_lost, found.error().message};
    std::vector<tcp::endpoint> all;
    for (const auto& each : *found) all.emplace_back(each, where.port);
    co_return all;
}

}  // namespace penholder::cli
