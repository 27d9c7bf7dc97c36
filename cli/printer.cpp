#include "cli/printer.hpp"

#include "base/printable.hpp"

#include <ostream>
#include <sstream>

namespace penholder::cli {

void printer::print(const document& what) {
    switch (format_) {
        case format::table: screen_.out << render_table(what, screen_.colour); break;
        case format::json: screen_.out << render_json(what); break;
        case format::yaml: screen_.out << render_yaml(what); break;
        case format::tsv: screen_.out << render_tsv(what); break;
    }
    screen_.out.flush();
}

void printer::stream(const document& what) {
    const bool first = !std::exchange(begun_, true);
    switch (format_) {
        case format::table: screen_.out << render_table(what, screen_.colour); break;
        case format::json: screen_.out << render_json_line(what); break;
        case format::yaml: screen_.out << "---\n" << render_yaml(what); break;
        case format::tsv: screen_.out << render_tsv(what, first); break;
    }
    screen_.out.flush();
}

void printer::say(std::string_view sentence) {
    std::istringstream lines{std::string(sentence)};
    for (std::string line; std::getline(lines, line);) screen_.err << "penholder: " << printable(line) << "\n";
    screen_.err.flush();
}

void printer::warn(std::string_view sentence) {
    say("warning: " + std::string(sentence));
}

}  // namespace penholder::cli
