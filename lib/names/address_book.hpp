#pragma once

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace penholder::names {

using addresses = std::vector<boost::asio::ip::address>;

/// What looks a name up, and takes as long as it takes. Errors: of any code, with the reason alone as the message.
using lookup = std::function<result<addresses>(const std::string& name)>;

/// As this host is set up: /etc/hosts, name servers.
result<addresses> ask_system(const std::string& name);

/// How long those who make a connection wait for a name that was known before, or of which others are known.
inline constexpr std::chrono::milliseconds patience{500};

/// What the names of hosts stand for. The system's lookup blocks for as long as a name server is silent, many seconds,
/// and cannot be cut short. So each runs on a thread of its own, one at a time for each name, and nobody waits longer
/// than he wants: who has waited gets what the name stood for last. Nothing is looked up unless somebody asks, and a
/// numeric address never. A lookup that is under way holds up nobody, not even the end of the book or of the program.
/// Any thread.
class address_book {
public:
    explicit address_book(lookup by = ask_system);
    ~address_book();
    address_book(const address_book&) = delete;
    address_book& operator=(const address_book&) = delete;

    /// The one that all connections of this process share.
    static address_book& of_process();

    using answer = result<addresses>;

    /// What the name stands for: at least one address. Blocks, `within` at the longest; not even so long where the
    /// lookup has taken that time already. Errors: invalid_argument (nobody knows it, and why).
    answer find(const std::string& name, std::chrono::milliseconds within);

    /// The same for several, all at once: one that is not answered holds up none of the others for longer than that.
    std::vector<answer> find_all(const std::vector<std::string>& names, std::chrono::milliseconds within);

    /// The same, and blocks nobody.
    boost::asio::awaitable<answer> look_up(std::string name, std::chrono::milliseconds within);

private:
    class shared;
    std::shared_ptr<shared> shared_;
};

}  // namespace penholder::names
