#include "four_letter_word.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>

namespace penholder::testing {

std::string four_letter_word(std::uint16_t port, const std::string& word) {
    boost::asio::ip::tcp::iostream server;
    server.expires_after(std::chrono::seconds(1));
    server.connect(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
    server << word << std::flush;
    return {std::istreambuf_iterator<char>(server), {}};
}

}  // namespace penholder::testing
