#include "model/option_rules.hpp"
#include "postgres/conninfo.hpp"
#include "tcp/link_credentials.hpp"
#include "tls/credentials.hpp"
#include "zookeeper/ensemble_files.hpp"

#include <penholder/option_problem.hpp>

#include <cstddef>
#include <string>

namespace penholder {
namespace {

result<> check_link_files(const options& settings) {
    const auto found = tcp::read_link_material(settings.link);
    if (!found) return found.error();
    if (found->is_empty()) return {};
    const auto made = tcp::link_credentials::make(*found, settings.name);
    if (!made) return made.error();
    return {};
}

}  // namespace

std::vector<option_problem> check_options(const options& settings) {
    auto found = find_problems(settings);
    if (found.empty()) {
        if (const auto made = check_link_files(settings); !made) {
            const bool by_secret = settings.link.tls_cert_file.empty();
            found.push_back({by_secret ? "link.secret_file" : "link.tls_cert_file", made.error().message});
        }
    }
    if (found.empty() && !settings.zookeeper.tls_ca_file.empty()) {
        const auto usable = tls::read_credentials(tls::side::client, zookeeper::ensemble_files(settings.zookeeper));
        if (!usable) found.push_back({"zookeeper.tls_ca_file", usable.error().message});
    }
    for (std::size_t i = 0; i < settings.groups.size(); ++i) {
        const auto problem = postgres::conninfo_problem(settings.groups[i].database);
        if (!problem) continue;
        found.push_back({"group[" + std::to_string(i) + "].database",
                         "'group.database' is no connection string that libpq can read: " + *problem +
                             "; write host=… dbname=…, or a postgresql:// URI with signs in passwords as %XX"});
    }
    return found;
}

}  // namespace penholder
