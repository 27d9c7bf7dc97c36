#include "model/option_rules.hpp"
#include "postgres/conninfo.hpp"
#include "tcp/link_security.hpp"

#include <penholder/option_problem.hpp>

#include <cstddef>
#include <string>

namespace penholder {

std::vector<option_problem> check_options(const options& settings) {
    auto found = find_problems(settings);
    if (found.empty()) {
        if (const auto made = tcp::make_link_security(settings.link, settings.name); !made) {
            const bool by_secret = settings.link.tls_cert_file.empty();
            found.push_back({by_secret ? "link.secret_file" : "link.tls_cert_file", made.error().message});
        }
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
