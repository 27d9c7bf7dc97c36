#include "server_list.hpp"

#include <cassert>
#include <set>
#include <string_view>

namespace penholder::zookeeper {
namespace {

/// The library takes what follows the last colon for the port, and knows no brackets.
std::string for_library(const boost::asio::ip::address& host, std::uint16_t port) {
    return host.to_string() + ":" + std::to_string(port);
}

std::string joined(const std::set<std::string>& parts) {
    std::string all;
    for (const auto& each : parts) all += (all.empty() ? "" : ",") + each;
    return all;
}

}  // namespace

result<std::vector<address>> parse_servers(std::string_view hosts) {
    std::vector<address> servers;
    while (true) {
        const auto comma = hosts.find(',');
        auto one = parse_endpoint(hosts.substr(0, comma));
        if (!one) return one.error();
        servers.push_back(std::move(*one));
        if (comma == std::string_view::npos) return servers;
        hosts.remove_prefix(comma + 1);
    }
}

result<server_list> list_servers(const std::vector<address>& servers,
                                 const std::vector<names::address_book::answer>& found) {
    assert(servers.size() == found.size());
    server_list list;
    std::set<std::string> numbers;
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (!found[index]) {
            list.unknown.push_back(found[index].error());
            continue;
        }
        for (const auto& each : *found[index]) numbers.insert(for_library(each, servers[index].port));
    }
    list.text = joined(numbers);
    if (!list.text.empty()) return list;
    const auto why = list.unknown.empty() ? std::string() : ": " + list.unknown.front().message;
    return error{errc::ensemble_unreachable,
                 "no server of the ensemble can be resolved" + why +
                     "; see that zookeeper.hosts names them, and that a name server answers"};
}

server_list list_servers(const std::vector<boost::asio::ip::tcp::endpoint>& listeners) {
    server_list list;
    for (const auto& each : listeners) {
        list.text += (list.text.empty() ? "" : ",") + for_library(each.address(), each.port());
    }
    return list;
}

result<server_list> look_up_servers(const std::string& hosts, names::address_book& book) {
    const auto servers = parse_servers(hosts);
    if (!servers) return servers.error();
    std::vector<std::string> wanted;
    wanted.reserve(servers->size());
    for (const auto& each : *servers) wanted.push_back(each.host);
    return list_servers(*servers, book.find_all(wanted, names::patience));
}

}  // namespace penholder::zookeeper
