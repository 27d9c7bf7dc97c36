#include "four_letter_word.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <chrono>

namespace penholder::testing {

std::string four_letter_word(std::uint16_t port, const std::string& word) {
    boost::asio::ip::tcp::iostream server;
    server.expires_after(std::chrono::seconds(1));
    server.connect(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
    server << word << std::flush;
    return {std::istreambuf_iterator<char>(server), {}};
}

std::string four_letter_word_by_tls(std::uint16_t port, const std::string& word, const issued& as) {
    namespace asio = boost::asio;
    asio::io_context io;
    asio::ssl::context with(asio::ssl::context::tls_client);
    boost::system::error_code failed;
    if (!as.certificate.empty()) {
        with.use_certificate_chain(asio::buffer(as.certificate), failed);
        with.use_private_key(asio::buffer(as.key), asio::ssl::context::pem, failed);
    }
    asio::ssl::stream<boost::beast::tcp_stream> server(io, with);
    std::string answer;
    asio::co_spawn(
        io,
        [](auto& over, std::uint16_t at, std::string what, std::string& into) -> asio::awaitable<void> {
            constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
            const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), at);
            over.next_layer().expires_after(std::chrono::seconds(2));
            co_await over.next_layer().async_connect(where, quietly);
            co_await over.async_handshake(asio::ssl::stream_base::client, quietly);
            co_await asio::async_write(over, asio::buffer(what), quietly);
            co_await asio::async_read(over, asio::dynamic_buffer(into), quietly);
        }(server, port, word, answer),
        asio::detached);
    io.run();
    return answer;
}

}  // namespace penholder::testing
