#include "link_files.hpp"

#include "tls/files.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace penholder::tcp {
namespace {

constexpr std::string_view secret_key = "link.secret_file";
constexpr std::size_t most_secrets = 2;

result<std::vector<std::string>> read_secrets(const std::string& path) {
    const auto text = tls::read_file(secret_key, path, true);
    if (!text) return text.error();
    std::vector<std::string> found;
    for (std::size_t begin = 0; begin < text->size();) {
        const auto end = std::min(text->find('\n', begin), text->size());
        std::string line = text->substr(begin, end - begin);
        while (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) found.push_back(std::move(line));
        begin = end + 1;
    }
    if (found.size() > most_secrets) {
        return tls::unusable(secret_key, path,
                             "has " + std::to_string(found.size()) +
                                 " lines; it holds one secret, or the one in use and the one that comes or goes");
    }
    return found;
}

}  // namespace

result<tls::material> read_link_material(const link_options& settings) {
    tls::material made;
    if (!settings.secret.empty()) made.secrets.push_back(settings.secret);
    if (!settings.secret_file.empty()) {
        auto secrets = read_secrets(settings.secret_file);
        if (!secrets) return secrets.error();
        made.secrets = std::move(*secrets);
    }
    if (settings.tls_cert_file.empty()) return made;
    auto texts = tls::read({certificate_keys, settings.tls_cert_file, settings.tls_key_file, settings.tls_ca_file});
    if (!texts) return texts.error();
    made.certificates = std::move(*texts);
    return made;
}

}  // namespace penholder::tcp
