#include "daemon/http/http_security.hpp"

#include "config/http_files.hpp"

#include <utility>

namespace penholder::daemon {

http_security::http_security(boost::asio::any_io_executor executor, const config::http_options& settings,
                             std::string node) {
    const auto files = config::http_files(settings);
    if (files.certificates.empty() || settings.listen.empty()) return;
    tls::file_watch::subject http{
        "http", std::move(node), tls::reading(files),
        [this, keys = files.keys](const tls::material& found) -> result<tls::file_watch::end> {
            auto made = tls::credentials::make(tls::side::server, found.certificates, keys);
            if (!made) return made.error();
            const auto trouble = (*made)->trouble();
            if (now_ && trouble) {
                return error{errc::invalid_configuration, "the certificate of 'http.tls_cert_file' " + *trouble};
            }
            now_ = std::move(*made);
            return now_->expires();
        }};
    reader_ = std::make_unique<boost::asio::thread_pool>(1);
    files_ = std::make_shared<tls::file_watch>(std::move(executor), reader_->get_executor(), std::move(http));
}

http_security::~http_security() = default;

result<> http_security::open() {
    return files_ ? files_->open() : result<>{};
}

void http_security::look_again() {
    if (files_) files_->look_again();
}

void http_security::close() {
    if (files_) files_->close();
}

}  // namespace penholder::daemon
