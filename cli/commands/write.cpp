#include "api/error_table.hpp"
#include "cli/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nodes/node_client.hpp"
#include "cli/nodes/node_url.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "cli/nodes/write_body.hpp"
#include "cli/survey/operators.hpp"
#include "model/ids.hpp"

#include <istream>
#include <iterator>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

struct write_request {
    std::string key;
    std::vector<std::string> words;  ///< The statement and its parameters, or "-".
    std::optional<std::uint64_t> expect_rows;
};

constexpr auto examples =
    "A parameter \\N is NULL; after -- a parameter may begin with a dash. With - the statements are read from "
    "standard\n"
    "input: [{\"sql\": \"UPDATE ... $1\", \"params\": [42], \"expect_rows\": 1}, ...].\n"
    "Exit codes: 0 committed, 4 rejected, 6 unknown (ask again with the same --key), 3 no leader.";

result<std::string> make_body(invocation& run, const write_request& request) {
    const auto deadline = run.asked.within(reading_time);
    if (request.words.size() == 1 && request.words.front() == "-") {
        if (request.expect_rows) {
            return error{errc::invalid_argument,
                         "--expect-rows is for one statement; write \"expect_rows\" beside each \"sql\" instead"};
        }
        const std::string text(std::istreambuf_iterator<char>(run.screen.in), {});
        return write_body_from_json(text, deadline);
    }
    const std::vector<std::string> params(request.words.begin() + 1, request.words.end());
    return write_body(request.words.front(), params, request.expect_rows, deadline);
}

// The nodes that were named, then the leader, since that saves the write a hop, then the others.
std::vector<node_url> nodes_to_try(const invocation& run, const group_state& group) {
    std::vector<node_url> where = run.from.nodes;
    const auto add = [&](const member_state& one) {
        const result<node_url> parsed = one.reached ? parse_node_url(one.record.http_endpoint) : error{};
        if (parsed) where.push_back(*parsed);
    };
    const member_state* leader = group.leader ? group.find(group.leader->node) : nullptr;
    if (leader != nullptr) add(*leader);
    for (const member_state& each : group.members) add(each);
    return where;
}

// Goes on to the next node only while nothing can have been sent.
asio::awaitable<result<receipt>> submit_somewhere(invocation& run, const group_state& group, std::string key,
                                                  std::string body) {
    error last{errc::link_lost, "no node of group " + group.group + " can be reached over HTTP; name one with --node"};
    for (const node_url& where : nodes_to_try(run, group)) {
        const auto token = run.from.token_for(where, run.from.token);
        if (!token) {
            last = token.error();
            continue;
        }
        const auto client = run.from.client(where, *token);
        auto answer = co_await client.submit(group.group, key, body, run.asked.within(reading_time));
        if (answer || answer.error().code != errc::link_lost) co_return answer;
        last = answer.error();
    }
    co_return group.leader || last.code == errc::unauthorized ? last : nobody_leads(group);
}

void explain(printer& print, const receipt& answer) {
    if (answer.why) print.say(std::string(to_string(answer.outcome)) + ": " + answer.why->message);
    if (answer.why && !answer.why->hint.empty()) print.say("hint: " + answer.why->hint);
    if (answer.outcome != outcome::unknown) return;
    print.say("nothing proves yet what became of the write; ask again with the same statement and --key " +
              answer.write_id);
}

asio::awaitable<result<exit_code>> write_once(invocation& run, write_request request) {
    auto body = make_body(run, request);
    if (!body) co_return body.error();
    const auto group = co_await look_at_one(run, depth::everything);
    if (!group) co_return group.error();
    // With an id of its own the write can be asked for again, even when the node's answer is lost.
    std::string key = request.key.empty() ? "cli-" + incarnation::random().text() : std::move(request.key);
    const auto answer = co_await submit_somewhere(run, *group, std::move(key), std::move(*body));
    if (!answer) co_return answer.error();
    run.print.print(describe_receipt(*answer));
    explain(run.print, *answer);
    co_return api::exit_code_of(*answer);
}

}  // namespace

void add_write(command_line& to) {
    const auto request = std::make_shared<write_request>();
    auto& command = to.add("write", "Submits a write through a node and shows its receipt",
                           [request](invocation& run) { return write_once(run, *request); });
    command.add_option("--key", request->key, "The write id: the same key takes effect once (default: a random one)")
        ->check([](const std::string& given) {
            return given.empty() ? std::string("an empty key names no write; leave --key out for a random one")
                                 : std::string();
        });
    command.add_option("--expect-rows", request->expect_rows, "Reject the write unless so many rows are affected")
        ->type_name("N");
    command.add_option("statement", request->words, "The SQL, then the values of $1, $2, ...; or -")->required();
    command.footer(examples);
}

}  // namespace penholder::cli
