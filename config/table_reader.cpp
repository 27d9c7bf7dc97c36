#include "table_reader.hpp"

#include "nearest.hpp"
#include "secret_file.hpp"
#include "substitution.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace penholder::config {
namespace {

position begin_of(const toml::source_region& region) {
    return {region.begin.line, region.begin.column};
}

std::string_view kind_of(const toml::node& value) {
    switch (value.type()) {
        case toml::node_type::string: return "a string";
        case toml::node_type::integer: return "an integer";
        case toml::node_type::floating_point: return "a floating-point number";
        case toml::node_type::boolean: return "a boolean";
        case toml::node_type::array: return "an array";
        case toml::node_type::table: return "a table";
        default: return "a date or time";
    }
}

std::string suggestion(std::string_view typed, const std::vector<std::string_view>& known) {
    const auto meant = nearest(typed, known);
    return meant ? fmt::format("; did you mean '{}'?", *meant)
                 : "; config/penholderd.toml documents all that there are";
}

}  // namespace

void table_reader::read(const toml::table& root) {
    group_options unused;
    for (const auto& [name, value] : root) {
        const auto table = name.str();
        positions_[std::string(table)] = begin_of(name.source());
        if (table == "group") {
            read_group(value);
        } else if (std::ranges::find(tables(), table) != tables().end()) {
            read_table(value, table, std::string(table), unused);
        } else {
            problems_.add(begin_of(name.source()),
                          fmt::format("there is no table or key '{}' here{}", table, suggestion(table, tables())));
        }
    }
    for (const std::string_view required : {"node", "zookeeper"}) {
        if (!root.contains(required)) problems_.add({}, fmt::format("the table [{}] is missing; add it", required));
    }
    if (!root.contains("group")) problems_.add({}, "there is no [[group]]; add at least one with a name");
}

position table_reader::where(const std::string& path) const {
    if (const auto found = positions_.find(path); found != positions_.end()) return found->second;
    const auto table = positions_.find(path.substr(0, path.rfind('.')));
    return table != positions_.end() ? table->second : position{};
}

void table_reader::read_group(const toml::node& entry) {
    const auto* groups = entry.as_array();
    if (groups == nullptr || !groups->is_array_of_tables()) {
        problems_.add(
            begin_of(entry.source()),
            fmt::format("'group' is {}, expected tables; write [[group]] with double brackets", kind_of(entry)));
        return;
    }
    for (const auto& each : *groups) {
        const auto path = fmt::format("group[{}]", into_.node.groups.size());
        read_table(each, "group", path, into_.node.groups.emplace_back());
    }
}

void table_reader::read_table(const toml::node& entry, std::string_view table, const std::string& path,
                              group_options& group) {
    const auto* from = entry.as_table();
    if (from == nullptr) {
        problems_.add(begin_of(entry.source()), fmt::format("'{}' is {}, expected a table: write [{}] on its own line",
                                                            table, kind_of(entry), table));
        return;
    }
    positions_[path] = begin_of(from->source());
    refuse_unknown(*from, table);
    for (const auto& wanted : keys()) {
        if (wanted.table == table) read_key(*from, wanted, path, group);
    }
}

void table_reader::refuse_unknown(const toml::table& from, std::string_view table) {
    const auto names = names_in(table);
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const auto& [name, value] : from) {
        if (std::ranges::find(known, name.str()) != known.end()) continue;
        const auto at = begin_of(name.source());
        problems_.add(at,
                      fmt::format("there is no key '{}' in [{}]{}", name.str(), table, suggestion(name.str(), known)));
    }
}

void table_reader::read_key(const toml::table& from, const key& wanted, const std::string& path, group_options& group) {
    const auto full = fmt::format("{}.{}", path, wanted.name);
    const auto target = wanted.at({into_, group});
    const auto* value = from.get(wanted.name);
    if (value != nullptr) {
        positions_[full] = begin_of(value->source());
        const auto before = problems_.count();
        std::visit([&](auto* into) { store(*value, wanted, into); }, target);
        if (problems_.count() == before) accepted_.insert(full);
    } else if (wanted.needs == demand::required) {
        problems_.add(begin_of(from.source()), fmt::format("'{}.{}' is missing; set it", wanted.table, wanted.name));
    }
    if (wanted.needs == demand::secret) read_secret_file(from, wanted, full, *std::get<std::string*>(target));
}

void table_reader::read_secret_file(const toml::table& from, const key& wanted, const std::string& path,
                                    std::string& into) {
    const auto name = std::string(wanted.name) + "_file";
    const auto* value = from.get(name);
    if (value == nullptr) return;
    const auto at = begin_of(value->source());
    if (from.contains(wanted.name)) {
        problems_.add(at,
                      fmt::format("'{0}.{1}' and '{0}.{2}' are both set; keep one", wanted.table, wanted.name, name));
        return;
    }
    positions_[path] = at;
    const auto file = text(*value, wanted.table, name);
    if (!file) return;
    auto secret = read_secret(*file);
    if (!secret) {
        problems_.add(at, fmt::format("'{}.{}': {}", wanted.table, name, secret.error().message));
        return;
    }
    into_.secret_files[path] = *file;
    into = std::move(*secret);
}

void table_reader::store(const toml::node& value, const key& wanted, std::string* into) {
    auto given = text(value, wanted.table, wanted.name);
    if (!given) return;
    if (wanted.needs == demand::choice) {
        const auto problem = choice_problem(wanted.table, wanted.name, *given, wanted.choices);
        if (problem) return problems_.add(begin_of(value.source()), *problem);
    }
    *into = *std::move(given);
}

void table_reader::store(const toml::node& value, const key& wanted, bool* into) {
    if (const auto given = value.value_exact<bool>()) {
        *into = *given;
    } else {
        wrong_type(value, wanted, "true or false");
    }
}

void table_reader::store(const toml::node& value, const key& wanted, std::vector<std::string>* into) {
    const auto* list = value.as_array();
    if (list == nullptr) return wrong_type(value, wanted, "an array of strings");
    std::vector<std::string> all;
    for (const auto& each : *list) {
        auto given = text(each, wanted.table, wanted.name);
        if (!given) return;
        all.push_back(*std::move(given));
    }
    *into = std::move(all);
}

template <class Number>
void table_reader::store(const toml::node& value, const key& wanted, Number* into) {
    const auto given = value.value_exact<std::int64_t>();
    if (!given) {
        wrong_type(value, wanted, "an integer");
    } else if (const auto problem = range_problem(wanted.table, wanted.name, *given, wanted.least, wanted.most)) {
        problems_.add(begin_of(value.source()), *problem);
    } else {
        *into = static_cast<Number>(*given);
    }
}

void table_reader::wrong_type(const toml::node& value, const key& wanted, std::string_view expected) {
    problems_.add(begin_of(value.source()),
                  fmt::format("'{}.{}' is {}, expected {}", wanted.table, wanted.name, kind_of(value), expected));
}

std::optional<std::string> table_reader::text(const toml::node& value, std::string_view table, std::string_view name) {
    const auto given = value.value_exact<std::string>();
    if (!given) {
        problems_.add(begin_of(value.source()),
                      fmt::format("'{}.{}' is {}, expected a string", table, name, kind_of(value)));
        return std::nullopt;
    }
    auto replaced = substitute(*given, variables_);
    if (!replaced) {
        problems_.add(begin_of(value.source()), fmt::format("'{}.{}': {}", table, name, replaced.error().message));
        return std::nullopt;
    }
    return *std::move(replaced);
}

}  // namespace penholder::config
