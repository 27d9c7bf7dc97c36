#include "option_rules.hpp"

#include "address.hpp"
#include "ids.hpp"
#include "option_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace penholder {
namespace {

/// Collects problems; each rule is a straight line of its calls.
class rules {
public:
    explicit rules(const options& settings) : settings_(settings) {}

    std::vector<option_problem> find() {
        check_table();
        check_node_name();
        check_ensemble();
        check_ensemble_security();
        check_link();
        check_link_security();
        check_http_endpoint();
        check_groups();
        return std::move(found_);
    }

private:
    void add(std::string path, std::string message, bool is_absent = false) {
        found_.push_back({std::move(path), std::move(message), is_absent});
    }

    void check_table() {
        options all = settings_;  // The table's slots are writable.
        group_options none;
        for (const auto& each : option_table()) {
            if (each.table != "group") check_value(each, each.at(all, none), std::string(each.table));
        }
        for (std::size_t i = 0; i < all.groups.size(); ++i) {
            for (const auto& each : option_table()) {
                if (each.table == "group") check_value(each, each.at(all, all.groups[i]), group_path(i));
            }
        }
    }

    void check_value(const option& which, option_slot slot, const std::string& table_path) {
        const auto path = fmt::format("{}.{}", table_path, which.name);
        const auto note = [&](std::optional<std::string> problem) {
            if (problem) add(path, *std::move(problem));
        };
        if (const auto* number = std::get_if<int*>(&slot)) {
            note(range_problem(which.table, which.name, **number, which.least, which.most));
        } else if (const auto* size = std::get_if<std::size_t*>(&slot)) {
            const auto most = static_cast<std::size_t>(which.most) + 1;  // More than that is as wrong as that.
            const auto value = static_cast<std::int64_t>(std::min(**size, most));
            note(range_problem(which.table, which.name, value, which.least, which.most));
        } else if (which.needs == demand::choice) {
            note(choice_problem(which.table, which.name, *std::get<std::string*>(slot), which.choices));
        }
    }

    void check_node_name() {
        if (const auto named = check_name("node", settings_.name); !named) {
            add("node.name", named.error().message, settings_.name.empty());
        }
    }

    void check_ensemble() {
        const auto& ensemble = settings_.zookeeper;
        check_hosts(ensemble.hosts);
        const auto& root = ensemble.root;
        if (root.size() < 2 || root.front() != '/' || root.back() == '/' || root.find("//") != std::string::npos) {
            add("zookeeper.root", fmt::format("'zookeeper.root' is '{}', expected a path such as /penholder", root));
        }
        if (!ensemble.digest.empty() && ensemble.digest.find(':') == std::string::npos) {
            add("zookeeper.digest", "'zookeeper.digest' has no ':'; expected user:password");
        }
    }

    /// Servers are always asked for their certificates; what this node shows them is a certificate with its key.
    void check_ensemble_security() {
        const auto& ensemble = settings_.zookeeper;
        const bool has_certificate = !ensemble.tls_cert_file.empty();
        if (has_certificate != !ensemble.tls_key_file.empty()) {
            const char* missing = has_certificate ? "tls_key_file" : "tls_cert_file";
            add(fmt::format("zookeeper.{}", missing),
                fmt::format("'zookeeper.{}' is missing; a certificate for the ensemble needs tls_cert_file and "
                            "tls_key_file",
                            missing));
        }
        if (has_certificate && ensemble.tls_ca_file.empty()) {
            add("zookeeper.tls_ca_file",
                "'zookeeper.tls_ca_file' is missing; TLS to the ensemble needs the authority of its servers' "
                "certificates");
        }
    }

    void check_hosts(std::string_view rest) {
        constexpr auto path = "zookeeper.hosts";
        if (rest.empty()) return add(path, "'zookeeper.hosts' is empty; name the ensemble's servers", true);
        if (rest.find('/') != std::string_view::npos) {
            return add(path, "'zookeeper.hosts' has a path in it; write it into zookeeper.root instead");
        }
        while (true) {
            const auto comma = rest.find(',');
            const auto host = endpoint(path, rest.substr(0, comma));
            if (host && host->port == 0) add(path, "'zookeeper.hosts' has port 0; name the ensemble's port");
            if (comma == std::string_view::npos) return;
            rest.remove_prefix(comma + 1);
        }
    }

    void check_link() {
        const auto& link = settings_.link;
        const auto listen = endpoint("link.listen", link.listen);
        const bool is_plain = link.secret.empty() && link.secret_file.empty() && link.tls_cert_file.empty();
        if (listen && !listen->is_loopback() && is_plain) {
            add("link.listen",
                fmt::format("'link.listen' is {}, which strangers can reach, and there is no link.secret; set "
                            "link.secret or link.secret_file, the same on every node, or link.tls_cert_file",
                            link.listen));
        }
        if (listen && listen->is_any() && link.advertise.empty()) {
            add("link.listen", fmt::format("'link.listen' is {}, which nobody can connect to; set link.advertise to "
                                           "the address that other nodes reach",
                                           link.listen));
        }
        check_advertised("link.advertise", link.advertise);
        if (listen && listen->port == 0 && !link.advertise.empty()) {
            add("link.listen",
                fmt::format("'link.listen' is {}, which takes any port that is free, and others look for "
                            "{}; give it the port that link.advertise stands for",
                            link.listen, link.advertise));
        }
        if (link.silence_timeout_ms / 2 < link.ping_interval_ms) {
            add("link.silence_timeout_ms",
                fmt::format("'link.silence_timeout_ms' is {}, expected at least twice link.ping_interval_ms ({})",
                            link.silence_timeout_ms, link.ping_interval_ms));
        }
    }

    /// One secret, or a certificate with all that belongs to it, and never both: who has seen the secret would be
    /// taken for any node.
    void check_link_security() {
        const auto& link = settings_.link;
        const bool has_secret = !link.secret.empty() || !link.secret_file.empty();
        if (!link.secret.empty() && !link.secret_file.empty()) {
            add("link.secret_file", "'link.secret' and 'link.secret_file' are both set; keep one");
        }
        const std::pair<const char*, const std::string*> files[] = {{"tls_cert_file", &link.tls_cert_file},
                                                                    {"tls_key_file", &link.tls_key_file},
                                                                    {"tls_ca_file", &link.tls_ca_file}};
        const auto is_set = [](const auto& file) { return !file.second->empty(); };
        if (std::ranges::none_of(files, is_set)) return;
        for (const auto& [name, value] : files) {
            if (value->empty()) {
                add(fmt::format("link.{}", name),
                    fmt::format("'link.{}' is missing; certificates need tls_cert_file, tls_key_file and tls_ca_file",
                                name));
            }
        }
        if (has_secret) {
            add("link.tls_cert_file",
                "'link.tls_cert_file' and a link secret are both set; keep one: links go by certificates or by the "
                "secret");
        }
    }

    /// A socket of this machine, or an address, which may speak TLS.
    void check_http_endpoint() {
        constexpr std::string_view by_tls = "https://";
        const auto& text = settings_.http_endpoint;
        if (text.starts_with("unix:")) return;
        check_advertised("http_endpoint", text.starts_with(by_tls) ? text.substr(by_tls.size()) : text);
    }

    void check_advertised(const std::string& path, const std::string& text) {
        const auto advertised = text.empty() ? std::nullopt : endpoint(path, text);
        if (advertised && !advertised->is_dialable()) {
            add(path, fmt::format("'{}' is {}, which nobody can connect to; give the address and the port that others "
                                  "reach",
                                  path, text));
        }
    }

    void check_groups() {
        if (settings_.groups.empty()) add("group", "there is no group; a node without one has nothing to do", true);
        std::set<std::string> names;
        for (std::size_t i = 0; i < settings_.groups.size(); ++i) {
            const auto& group = settings_.groups[i];
            check_group(group, group_path(i));
            if (!group.name.empty() && !names.insert(group.name).second) {
                add(group_path(i) + ".name",
                    fmt::format("there are two groups named '{}'; rename or remove one", group.name));
            }
        }
    }

    void check_group(const group_options& group, const std::string& path) {
        if (const auto named = check_name("group", group.name); !named) {
            add(path + ".name", named.error().message, group.name.empty());
        }
        check_names(group.harmless_functions, 2, "schema.name", path, "harmless_functions");
        check_names(group.no_version_columns, 3, "schema.table.column", path, "no_version_columns");
        if (group.max_receipt_bytes >= settings_.link.max_frame_bytes) {
            add(path + ".max_receipt_bytes",
                fmt::format("'group.max_receipt_bytes' is {}, expected less than link.max_frame_bytes ({}): a receipt "
                            "travels in one frame",
                            group.max_receipt_bytes, settings_.link.max_frame_bytes));
        }
        if (group.default_deadline_ms > group.max_deadline_ms) {
            add(path + ".default_deadline_ms",
                fmt::format("'group.default_deadline_ms' is {}, more than group.max_deadline_ms ({})",
                            group.default_deadline_ms, group.max_deadline_ms));
        }
        if (group.key_retention_s < group.max_deadline_ms / 1000) {
            add(path + ".key_retention_s",
                fmt::format("'group.key_retention_s' is {}, shorter than group.max_deadline_ms ({} ms): a write could "
                            "be forgotten while it is still being asked for",
                            group.key_retention_s, group.max_deadline_ms));
        }
    }

    /// Names as the catalogue has them: that many parts between dots, none empty. `form` shows them.
    void check_names(const std::vector<std::string>& names, std::ptrdiff_t parts, std::string_view form,
                     const std::string& path, std::string_view key) {
        for (const auto& name : names) {
            const bool empty_part =
                name.empty() || name.front() == '.' || name.back() == '.' || name.find("..") != std::string::npos;
            if (!empty_part && std::ranges::count(name, '.') == parts - 1) continue;
            add(path + "." + std::string(key), fmt::format("'group.{}' has '{}', expected \"{}\"", key, name, form));
        }
    }

    /// The address that `text` names; a problem is added where it names none.
    std::optional<address> endpoint(const std::string& path, std::string_view text) {
        auto parsed = parse_endpoint(text);
        if (parsed) return *std::move(parsed);
        add(path, fmt::format("'{}': {}", path, parsed.error().message));
        return std::nullopt;
    }

    static std::string group_path(std::size_t index) { return fmt::format("group[{}]", index); }

    const options& settings_;
    std::vector<option_problem> found_;
};

}  // namespace

std::vector<option_problem> find_problems(const options& settings) {
    return rules(settings).find();
}

result<> as_result(const std::vector<option_problem>& found) {
    std::string all;
    for (const auto& each : found) {
        const bool in_group = each.path.starts_with("group[");
        all += (all.empty() ? "" : "\n") + (in_group ? each.path + ": " : std::string()) + each.message;
    }
    if (all.empty()) return {};
    return error{errc::invalid_configuration, std::move(all)};
}

}  // namespace penholder
