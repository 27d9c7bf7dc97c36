#include "cli/nodes/node_client.hpp"

#include "api/documents.hpp"
#include "api/problem.hpp"

#include <boost/json/serialize.hpp>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;

// The node answers when its own time is up; we wait a little longer than that.
constexpr std::chrono::milliseconds grace{1000};

std::string group_path(const std::string& group, const std::string& what) {
    return "/v1/groups/" + path_segment(group) + "/" + what;
}

http_question asking(std::string target, std::string token) {
    http_question question;
    question.target = std::move(target);
    question.token = std::move(token);
    return question;
}

}  // namespace

asio::awaitable<result<node_client::report>> node_client::status(std::chrono::milliseconds within) const {
    const auto answer = co_await ask(where_, by_, asking("/v1/status", token_), within);
    if (!answer) co_return answer.error();
    if (answer->status != 200) co_return api::read_error(answer->status, answer->body);
    auto decoded = api::read_node_status(answer->body);
    if (!decoded) co_return decoded.error();
    co_return report{std::move(*decoded), answer->date};
}

asio::awaitable<result<std::vector<term_record>>> node_client::history(std::string group,
                                                                       std::chrono::milliseconds within) const {
    const auto answer = co_await ask(where_, by_, asking(group_path(group, "history"), token_), within);
    if (!answer) co_return answer.error();
    if (answer->status != 200) co_return api::read_error(answer->status, answer->body);
    auto read = api::read_history(answer->body);
    if (!read) co_return read.error();
    co_return std::move(read->terms);
}

asio::awaitable<result<receipt>> node_client::submit(std::string group, std::string key, std::string body,
                                                     std::chrono::milliseconds within) const {
    http_question question = asking(group_path(group, "writes"), token_);
    question.by = http_question::method::post;
    question.body = std::move(body);
    question.idempotency_key = key;
    const auto answer = co_await ask(where_, by_, std::move(question), within + grace);
    if (answer) co_return api::read_receipt(answer->status, answer->body, key);
    if (answer.error().code != errc::outcome_unknown) co_return answer.error();
    receipt unknown;
    unknown.write_id = key;
    unknown.why = reason{errc::outcome_unknown, answer.error().message, {}, {}};
    co_return unknown;
}

asio::awaitable<result<receipt>> node_client::forget(std::string group, std::string key,
                                                     std::chrono::milliseconds within) const {
    http_question question = asking(group_path(group, "writes/" + path_segment(key)), token_);
    question.by = http_question::method::remove;
    const auto answer = co_await ask(where_, by_, std::move(question), within + grace);
    if (!answer) co_return answer.error();
    if (answer->status != 200) co_return api::read_error(answer->status, answer->body);
    co_return api::read_receipt(answer->status, answer->body, key);
}

asio::awaitable<result<>> node_client::operate(std::string group, std::string what, boost::json::object request,
                                               std::chrono::milliseconds within) const {
    http_question question = asking(group_path(group, what), token_);
    question.by = http_question::method::post;
    question.body = boost::json::serialize(request);
    const auto answer = co_await ask(where_, by_, std::move(question), within + grace);
    if (!answer) co_return answer.error();
    if (answer->status >= 300) co_return api::read_error(answer->status, answer->body);
    co_return result<>{};
}

}  // namespace penholder::cli
