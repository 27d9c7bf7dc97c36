#include "cli/nodes/receipt_document.hpp"

#include "api/documents.hpp"
#include "base/timestamp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace penholder::cli {
namespace {

namespace json = boost::json;

json::array rows_value(const statement_result& one) {
    json::array rows;
    for (const auto& each : one.rows) {
        json::array values;
        for (const auto& value : each) values.push_back(value ? json::value(*value) : json::value());
        rows.push_back(std::move(values));
    }
    return rows;
}

tone tone_of(outcome what) {
    if (what == outcome::committed) return tone::good;
    return what == outcome::rejected ? tone::bad : tone::warning;
}

std::string lsn_text(const receipt& answer) {
    return answer.lsn == 0 ? "" : lsn_to_string(answer.lsn);
}

std::string first_decided(const receipt& answer) {
    return answer.decided_at == decltype(answer.decided_at){} ? "" : ", decided " + timestamp(answer.decided_at);
}

row heading(const receipt& answer) {
    row line{{std::string(to_string(answer.outcome)), tone_of(answer.outcome)}, "write id " + answer.write_id};
    if (answer.term != 0) line.emplace_back("term " + std::to_string(answer.term));
    if (answer.lsn != 0) line.emplace_back("lsn " + lsn_text(answer));
    if (answer.replayed) line.emplace_back("replayed" + first_decided(answer), tone::faint);
    return line;
}

row base_row(const receipt& answer) {
    return {answer.write_id, std::string(to_string(answer.outcome)),
            answer.term == 0 ? "" : std::to_string(answer.term), lsn_text(answer), answer.replayed ? "yes" : "no"};
}

// The row of a write that was not committed: the statement to blame, and why.
row refusal_row(const receipt& answer) {
    row line = base_row(answer);
    const reason& why = *answer.why;
    line.emplace_back(why.statement ? std::to_string(*why.statement) : "");
    line.emplace_back("");
    line.emplace_back("");
    line.emplace_back(std::string(to_string(why.code)) + (why.sqlstate.empty() ? "" : " " + why.sqlstate));
    return line;
}

}  // namespace

document describe_receipt(const receipt& answer) {
    document made;
    made.data = api::to_json(answer);
    made.columns = {{"write_id", false, true},
                    {"outcome", false, true},
                    {"term", true, true},
                    {"lsn", false, true},
                    {"replayed", false, true},
                    {"statement", true},
                    {"rows_affected", true},
                    {"returned"},
                    {"why"}};
    section part{{heading(answer)}, {}};
    if (answer.why) part.rows.push_back(refusal_row(answer));
    for (std::size_t i = 0; i < answer.statements.size(); ++i) {
        const statement_result& one = answer.statements[i];
        row line = base_row(answer);
        line.emplace_back(std::to_string(i));
        line.emplace_back(std::to_string(one.rows_affected));
        line.emplace_back(one.columns.empty() ? "" : json::serialize(rows_value(one)));
        part.rows.push_back(std::move(line));
    }
    made.sections.push_back(std::move(part));
    return made;
}

}  // namespace penholder::cli
