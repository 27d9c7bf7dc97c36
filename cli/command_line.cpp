#include "cli/command_line.hpp"

#include "cli/commands/commands.hpp"
#include "cli/duration.hpp"
#include "config/nearest.hpp"

#include <penholder/version.hpp>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace penholder::cli {
namespace {

constexpr auto summary = "Shows and steers Penholder's groups: who leads, who follows, what was written.";
constexpr auto exit_codes =
    "Exit codes: 0 done, 1 error, 2 usage, 3 no leader, 4 refused, 5 ensemble unreachable,\n"
    "6 still in progress when the time-out ended. Data goes to stdout, talk to stderr.";

constexpr auto more_flags = "penholder --help shows the flags that every command takes.";

const std::map<std::string, format> formats{
    {"table", format::table}, {"json", format::json}, {"yaml", format::yaml}, {"tsv", format::tsv}};

/// CLI11 reads enumerators by their numbers.
std::string read_format(std::string& word) {
    const auto known = formats.find(word);
    if (known == formats.end()) return "'" + word + "' is no format; choose table, json, yaml or tsv";
    word = std::to_string(static_cast<int>(known->second));
    return {};
}

}  // namespace

command_line::command_line() : app_(summary, "penholder") {
    app_.footer(exit_codes);
    app_.set_version_flag("--version", version);
    app_.require_subcommand(1);
    app_.fallthrough();
    add_common_flags();
    add_node_addresses();
    add_commands(*this);
}

void command_line::add_common_flags() {
    app_.add_option("-g,--group", asked_.group, "The group; without it all of them, or the only one");
    app_.add_option("-o,--output", asked_.output, "How to print: table, json, yaml or tsv")
        ->transform(CLI::Validator(read_format, "{table,json,yaml,tsv}"))
        ->type_name("FORMAT");
    add_duration(
        app_, "-t,--timeout",
        [this](auto length) {
            if (length.count() == 0) throw CLI::ValidationError("--timeout", "0 leaves nobody time to answer; try 5s");
            asked_.timeout = length;
        },
        "How long to try: 500ms, 5s, 2m (5s for reading, 30s for changes)");
}

void command_line::add_node_addresses() {
    app_.add_option("-z,--zookeeper", asked_.zookeeper, "The ensemble, host:port,... (PENHOLDER_ZOOKEEPER)");
    app_.add_option("--root", asked_.root, "Parent of the groups' znodes (PENHOLDER_ROOT; /penholder)");
    app_.add_option("--digest-file", asked_.digest_file, "File with user:password for the ensemble")->type_name("FILE");
    const auto add_file = [this](const char* flag, std::string& to, const char* what) {
        app_.add_option(flag, to, what)->type_name("FILE");
    };
    add_file("--zookeeper-ca-file", asked_.ensemble_ca_file,
             "Speaks TLS to the ensemble: the authorities of its certificates (PENHOLDER_ZOOKEEPER_CA_FILE)");
    add_file("--zookeeper-cert-file", asked_.ensemble_cert_file,
             "The certificate to show it (PENHOLDER_ZOOKEEPER_CERT_FILE)");
    add_file("--zookeeper-key-file", asked_.ensemble_key_file, "Its key (PENHOLDER_ZOOKEEPER_KEY_FILE)");
    app_.add_option("-c,--config", asked_.config_file, "A node's configuration file (PENHOLDER_CONFIG)")
        ->type_name("FILE");
    app_.add_option("-n,--node", asked_.nodes,
                    "A node's HTTP, http(s)://host:port or unix:/path; repeatable (PENHOLDER_NODES)")
        ->type_name("URL")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_file("--ca-file", asked_.ca_file,
             "The authorities of the nodes' certificates, for https (PENHOLDER_CA_FILE; those of the system)");
    add_file("--cert-file", asked_.cert_file, "The certificate to show nodes (PENHOLDER_CERT_FILE)");
    add_file("--key-file", asked_.key_file, "Its key (PENHOLDER_KEY_FILE)");
    app_.add_option("--token-file", asked_.token_file, "File with the bearer token for nodes' HTTP")->type_name("FILE");
}

CLI::App& command_line::add(const std::string& name, const std::string& what, action does, needs which) {
    CLI::App& command = *app_.add_subcommand(name, what);
    command.footer(more_flags);
    command.callback([this, does = std::move(does), which] {
        chosen_ = does;
        needs_sources_ = which == needs::sources;
    });
    return command;
}

void command_line::parse(std::vector<std::string> words) {
    std::ranges::reverse(words);  // CLI11 takes the last word first.
    app_.parse(std::move(words));
}

std::optional<std::string> command_line::unknown_command() const {
    if (!app_.get_subcommands().empty()) return std::nullopt;
    const auto words = app_.remaining();
    const auto typed = std::ranges::find_if(words, [](const std::string& each) { return !each.starts_with('-'); });
    if (typed == words.end()) return std::nullopt;
    std::vector<std::string_view> known;
    for (const auto* each : app_.get_subcommands({})) known.emplace_back(each->get_name());
    const auto meant = config::nearest(*typed, known);
    return "there is no command '" + *typed + "'" + (meant ? "; did you mean '" + std::string(*meant) + "'?" : "");
}

CLI::Option* add_duration(CLI::App& to, const std::string& names, std::function<void(std::chrono::milliseconds)> take,
                          const std::string& what) {
    const auto parse = [take = std::move(take), names](const std::string& text) {
        const auto length = parse_duration(text);
        if (!length) throw CLI::ValidationError(names, length.error().message);
        take(*length);
    };
    return to.add_option_function<std::string>(names, parse, what)->type_name("DURATION");
}

}  // namespace penholder::cli
