#include "base/utf8.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "cli/printer.hpp"
#include "cli/survey/documents.hpp"
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sstream>

namespace {

using namespace penholder;
using namespace penholder::cli;

const std::string evil = std::string("\x1b[2J\x1b]0;t\x07\r\n\x7f\xc2\x9b") + "31m\xff" + std::string("\0", 1);

/// No control character but the ends of lines and, in tsv, the tabs between fields.
bool is_harmless(std::string_view text) {
    while (!text.empty()) {
        const auto piece = first_piece(text);
        if (!piece.is_valid) return false;
        if (piece.is_control && piece.code != '\n' && piece.code != '\t') return false;
        text.remove_prefix(piece.bytes.size());
    }
    return true;
}

void check_harmless(const document& what) {
    for (const auto how : {format::table, format::json, format::yaml, format::tsv}) {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        terminal screen{in, out, err};
        printer print(how, screen);
        print.print(what);
        print.stream(what);
        CAPTURE(out.str());
        CHECK_FALSE(out.str().empty());
        CHECK(is_harmless(out.str()));
    }
}

/// What an ensemble and nodes say that want to harm the operator's terminal.
survey evil_survey() {
    survey seen = sample_survey();
    for (auto& view : seen.groups) {
        view.group += evil;
        if (view.leader) view.leader->node += evil;
        for (auto& term : view.terms) term.evidence = term.node = term.since = evil;
        for (auto& each : view.members) each.node = each.version = each.endpoint = each.started_at = evil;
        view.warnings.push_back({errc::malformed_znode, evil});
    }
    for (auto& report : seen.nodes) {
        if (!report.status) continue;
        report.status->node = evil;
        for (auto& group : report.status->groups) group.trouble = group.now.leader = group.now.group = evil;
    }
    return seen;
}

TEST_CASE("nothing that a znode or a node says can steer the terminal") {
    const auto now = std::chrono::system_clock::now();
    survey seen = evil_survey();
    for (const bool ensemble : {true, false}) {
        if (!ensemble) seen.ensemble_trouble = error{errc::ensemble_unreachable, evil};
        const auto groups = conclude(seen, "");
        REQUIRE_FALSE(groups.empty());
        check_harmless(describe_status(seen, groups, now));
        check_harmless(describe_leaders(groups, now));
        check_harmless(describe_members(groups));
        if (ensemble) check_harmless(describe_history(groups, now));
        check_harmless(describe_change({evil, evil, evil, 7, evil}, now));
    }
}

TEST_CASE("no message of the database, and no value of a row, can steer the terminal") {
    receipt done{evil, outcome::committed, 7, 1, true, {}, {}};
    done.statements.push_back({1, {evil, "note"}, {{evil, std::nullopt}}});
    check_harmless(describe_receipt(done));
    check_harmless(describe_receipt(
        {evil, outcome::rejected, 7, 0, false, {}, reason{errc::statement_failed, evil, "\x1b[31m", 1}}));
}

TEST_CASE("what is said on stderr cannot steer the terminal") {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    terminal screen{in, out, err};
    printer print(format::json, screen);
    print.say(evil);
    print.warn(evil);
    CHECK(is_harmless(err.str()));
    CHECK(err.str().starts_with("penholder: \\x1b[2J"));
}

}  // namespace
