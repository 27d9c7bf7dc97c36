#include "base/printable.hpp"
#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "config/timeouts.hpp"
#include "postgres/diagnosis.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <sstream>

namespace penholder::cli {
namespace {

namespace json = boost::json;

json::array lines_of(const std::string& text) {
    json::array lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.emplace_back(line);
    return lines;
}

document describe_timeouts(const config::configuration& settings) {
    document made;
    made.columns = {{"story"}, {"key"}, {"value_ms", true}, {"meaning"}};
    section part;
    json::array values;
    for (const config::timeout& each : config::effective_timeouts(settings)) {
        part.rows.push_back({each.story, each.key, std::to_string(each.value_ms), each.meaning});
        values.push_back(
            {{"story", each.story}, {"key", each.key}, {"value_ms", each.value_ms}, {"meaning", each.meaning}});
    }
    json::array warnings;
    for (const std::string& each : settings.warnings) warnings.emplace_back(each);
    made.data = {{"valid", true}, {"warnings", std::move(warnings)}, {"timeouts", std::move(values)}};
    made.sections.push_back(std::move(part));
    made.text = printable_lines(config::render_timeouts(settings));
    return made;
}

document describe_problems(const error& why) {
    document made;
    made.columns = {{"problem"}};
    const json::array problems = lines_of(why.message);
    section part;
    for (const json::value& each : problems) part.rows.push_back({{std::string(each.get_string()), tone::bad}});
    made.data = {{"valid", false}, {"problems", problems}};
    made.sections.push_back(std::move(part));
    made.text = printable_lines(why.message) + (why.message.ends_with('\n') ? "" : "\n");
    return made;
}

boost::asio::awaitable<result<exit_code>> config_check(invocation& run, std::string file) {
    const auto settings = config::read(file, config::process_environment());
    if (!settings) {
        run.print.print(describe_problems(settings.error()));
        run.print.say(file + " cannot be used; penholderd would not start with it");
        co_return exit_code::failed;
    }
    for (const std::string& each : settings->warnings) run.print.warn(each);
    for (const auto& group : settings->node.groups) {
        for (const auto& each : postgres::diagnose_names(group)) {
            run.print.warn("group " + group.name + ": " + each.subject + ": " + each.found);
        }
    }
    run.print.print(describe_timeouts(*settings));
    run.print.say(file + " can be used");
    co_return exit_code::done;
}

}  // namespace

void add_config_check(command_line& to) {
    const auto file = std::make_shared<std::string>();
    action check = [file](invocation& run) { return config_check(run, *file); };
    auto& command = to.add("config-check", "Checks a configuration file and prints the effective sequence of time-outs",
                           std::move(check), command_line::needs::nothing);
    command.add_option("file", *file, "The configuration file")->type_name("FILE")->required();
}

}  // namespace penholder::cli
