#pragma once

#include "keys.hpp"
#include "problems.hpp"

#include <toml++/toml.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace penholder::config {

/// Reads the file's tables into a configuration by the table of keys. Owned by `parse`, lives as long as one reading.
class table_reader {
public:
    table_reader(configuration& into, problems& found, const environment& variables)
        : into_(into), problems_(found), variables_(variables) {}

    void read(const toml::table& root);

    /// Where a key was set, for the checks that follow: "link.listen", "group[0].name"; else where its table begins.
    position where(const std::string& path) const;

    /// Whether the file has this key and its value was taken.
    bool accepted(const std::string& path) const { return accepted_.contains(path); }

private:
    void read_group(const toml::node& entry);
    void read_table(const toml::node& entry, std::string_view table, const std::string& path, group_options& group);
    void read_key(const toml::table& from, const key& wanted, const std::string& path, group_options& group);
    void read_secret_file(const toml::table& from, const key& wanted, const std::string& path, std::string& into);
    void refuse_unknown(const toml::table& from, std::string_view table);

    void store(const toml::node& value, const key& wanted, std::string* into);
    void store(const toml::node& value, const key& wanted, bool* into);
    void store(const toml::node& value, const key& wanted, std::vector<std::string>* into);
    template <class Number>
    void store(const toml::node& value, const key& wanted, Number* into);
    void wrong_type(const toml::node& value, const key& wanted, std::string_view expected);
    std::optional<std::string> text(const toml::node& value, std::string_view table, std::string_view name);

    configuration& into_;
    problems& problems_;
    const environment& variables_;
    std::map<std::string, position> positions_;
    std::set<std::string> accepted_;
};

}  // namespace penholder::config
