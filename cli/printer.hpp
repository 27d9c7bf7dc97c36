#pragma once

#include "cli/render/renderer.hpp"
#include "cli/terminal.hpp"

#include <string_view>

namespace penholder::cli {

/// Puts documents out in the format that was asked for. Owned by one run of the command.
class printer {
public:
    printer(format how, terminal& screen) : format_(how), screen_(screen) {}

    /// The one document of a command.
    void print(const document& what);

    /// One of a stream of documents of the same columns: json a line each, yaml separated by "---", tsv under one
    /// header.
    void stream(const document& what);

    /// A sentence on stderr: "penholder: what; what to do next".
    void say(std::string_view sentence);
    void warn(std::string_view sentence);

private:
    format format_;
    terminal& screen_;
    bool begun_ = false;
};

}  // namespace penholder::cli
