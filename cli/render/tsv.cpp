#include "base/printable.hpp"
#include "cli/render/renderer.hpp"

namespace penholder::cli {
namespace {

/// A field on one line: `\\`, `\t`, `\n`, `\r`, and `\xHH` for every other control character.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '\t': out += "\\t"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\\': out += "\\\\"; break;
            default: out += c;
        }
    }
    return printable(out);
}

std::string line(const row& cells, std::size_t columns) {
    std::string out;
    for (std::size_t i = 0; i < columns; ++i) {
        if (i != 0) out += '\t';
        if (i < cells.size()) out += escaped(cells[i].text);
    }
    return out + "\n";
}

}  // namespace

std::string render_tsv(const document& what, bool header) {
    std::string out;
    row names;
    for (const column& each : what.columns) names.emplace_back(each.name);
    if (header) out += line(names, names.size());
    for (const section& part : what.sections) {
        for (const row& each : part.rows) out += line(each, names.size());
    }
    return out;
}

}  // namespace penholder::cli
