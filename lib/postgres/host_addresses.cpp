#include "host_addresses.hpp"

#include "conninfo.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <map>
#include <memory>
#include <string_view>

namespace penholder::postgres {
namespace {

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (true) {
        const auto comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        list.remove_prefix(comma + 1);
    }
}

std::vector<std::string> values_of(const PQconninfoOption* options, std::string_view keyword) {
    for (; options != nullptr && options->keyword != nullptr; ++options) {
        if (options->keyword == keyword && options->val != nullptr) return split(options->val);
    }
    return {};
}

/// One port, like one host, may stand for all.
std::string at_or_first(const std::vector<std::string>& list, std::size_t index) {
    if (list.empty()) return {};
    return list.size() == 1 ? list.front() : index < list.size() ? list[index] : std::string();
}

/// Hosts as libpq wants them: three lists.
class host_lists {
public:
    void add(const std::string& host, const std::string& address, const std::string& port) {
        const std::string comma = count_++ == 0 ? "" : ",";
        hosts_ += comma + host;
        addresses_ += comma + address;
        ports_ += comma + port;
        says_ports_ = says_ports_ || !port.empty();
    }
    bool empty() const noexcept { return count_ == 0; }
    /// Ports that the string does not say may be in the environment.
    std::map<std::string, std::string> pinned() const {
        std::map<std::string, std::string> lists{{"host", hosts_}, {"hostaddr", addresses_}};
        if (says_ports_) lists["port"] = ports_;
        return lists;
    }

private:
    std::size_t count_ = 0;
    bool says_ports_ = false;
    std::string hosts_;
    std::string addresses_;
    std::string ports_;
};

}  // namespace

bool named_host::has_to_be_looked_up() const {
    return address.empty() && !host.empty() && host.front() != '/' && host.front() != '@';
}

std::vector<named_host> hosts_in(const std::string& conninfo) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
    const auto hosts = values_of(options.get(), "host");
    const auto addresses = values_of(options.get(), "hostaddr");
    const auto ports = values_of(options.get(), "port");
    std::vector<named_host> all;
    for (std::size_t index = 0; index < std::max(hosts.size(), addresses.size()); ++index) {
        all.push_back({at_or_first(hosts, index), at_or_first(addresses, index), at_or_first(ports, index)});
    }
    return all;
}

result<std::string> with_addresses(const std::string& conninfo, const std::vector<names::address_book::answer>& found) {
    const auto hosts = hosts_in(conninfo);
    assert(hosts.size() == found.size());
    if (std::ranges::none_of(hosts, &named_host::has_to_be_looked_up)) return conninfo;
    host_lists known;
    std::string why;
    for (std::size_t index = 0; index < hosts.size(); ++index) {
        const auto& each = hosts[index];
        if (!each.has_to_be_looked_up()) {
            known.add(each.host, each.address, each.port);
        } else if (!found[index]) {
            why += (why.empty() ? "" : "; ") + found[index].error().message;
        } else {
            for (const auto& address : *found[index]) known.add(each.host, address.to_string(), each.port);
        }
    }
    if (known.empty()) return error{errc::database_unreachable, "the database cannot be used: " + why};
    return complete_conninfo(conninfo, {}, known.pinned());
}

std::vector<result<std::string>> look_up_hosts(const std::vector<std::string>& conninfos, names::address_book& book) {
    constexpr auto known_already = "127.0.0.1";
    std::vector<std::string> wanted;
    for (const auto& conninfo : conninfos) {
        for (const auto& each : hosts_in(conninfo)) {
            wanted.push_back(each.has_to_be_looked_up() ? each.host : known_already);
        }
    }
    const auto found = book.find_all(wanted, names::patience);
    std::vector<result<std::string>> all;
    auto next = found.begin();
    for (const auto& conninfo : conninfos) {
        const auto end = next + static_cast<std::ptrdiff_t>(hosts_in(conninfo).size());
        all.push_back(with_addresses(conninfo, {next, end}));
        next = end;
    }
    return all;
}

}  // namespace penholder::postgres
