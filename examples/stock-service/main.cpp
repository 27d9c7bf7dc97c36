// A small service that embeds a node. Start several of them with different names: each sells from the same stock, and
// whichever leads does the writing for all.
//
//   stock-service NAME ZOOKEEPER DATABASE [LINK]
//   stock-service shop-1 127.0.0.1:2181 "host=/run/postgresql dbname=orders"
//
// It reads lines "sell ITEM ORDER" and "quit" from stdin and prints one line for each. ORDER is the write id: selling
// the same order again, here or in another instance, answers with the first receipt. (`stock(id, qty)` and `orders(id,
// item)` must exist.)
#include <penholder/node.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace asio = boost::asio;

namespace {

penholder::options read_options(int count, char** words) {
    penholder::options options;
    options.name = words[1];
    options.zookeeper.hosts = words[2];
    options.link.listen = count > 4 ? words[4] : "127.0.0.1:0";
    penholder::group_options stock;
    stock.name = "stock";
    stock.database = words[3];
    options.groups.push_back(stock);
    return options;
}

asio::awaitable<void> sell(penholder::node& node, std::string item, std::string order) {
    penholder::write sale{order};
    sale.add("UPDATE stock SET qty = qty - 1 WHERE id = $1 AND qty > 0", item).expect_rows(1);
    sale.add("INSERT INTO orders (id, item) VALUES ($1, $2)", order, item);
    const penholder::receipt done = co_await node.submit("stock", std::move(sale));
    std::cout << order << ' ' << to_string(done.outcome) << (done.replayed ? " (again)" : "") << " term " << done.term;
    if (done.why) std::cout << ": " << done.why->message;
    std::cout << std::endl;
}

asio::awaitable<void> serve(penholder::node& node) {
    co_await node.start();
    asio::posix::stream_descriptor input(co_await asio::this_coro::executor, ::dup(STDIN_FILENO));
    std::string buffer;
    for (bool open = true; open;) {
        boost::system::error_code ended;
        const auto length = co_await asio::async_read_until(input, asio::dynamic_buffer(buffer), '\n',
                                                            asio::redirect_error(asio::use_awaitable, ended));
        std::istringstream line(buffer.substr(0, length));
        buffer.erase(0, length);
        std::string verb;
        std::string item;
        std::string order;
        line >> verb >> item >> order;
        if (verb == "sell" && !order.empty()) co_await sell(node, item, order);
        open = !ended && verb != "quit";
    }
    co_await node.stop();
}

}  // namespace

int main(int count, char** words) {
    if (count < 4) {
        std::cerr << "usage: stock-service NAME ZOOKEEPER DATABASE [LINK]\n";
        return 2;
    }
    try {
        asio::io_context io;
        penholder::node node{io.get_executor(), read_options(count, words)};
        node.on_leadership([](const penholder::leadership& now) {
            std::cout << "# " << to_string(now.role) << ", term " << now.term << ", led by "
                      << (now.leader.empty() ? "nobody" : now.leader) << std::endl;
        });
        std::exception_ptr failed;
        asio::co_spawn(io, serve(node), [&](std::exception_ptr why) {
            failed = why;
            io.stop();
        });
        io.run();
        if (failed) std::rethrow_exception(failed);
    } catch (const std::exception& problem) {
        std::cerr << "stock-service: " << problem.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
