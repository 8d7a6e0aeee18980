#include "etcd_endpoint.hpp"

#include <curl/curl.h>

#include <cerrno>
#include <memory>

namespace agentslock {
namespace {

struct free_url {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using parsed_url = std::unique_ptr<CURLU, free_url>;

/// One part; empty where there is none.
std::string part_of(const parsed_url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
  std::string part = text;
  curl_free(text);
  return part;
}

etcd_failure is_none(std::size_t number) {
  return {etcd_trouble::bad_access, errc::invalid_argument,
          "endpoint " + std::to_string(number) +
              " of the etcd cluster is none: it takes HOST:PORT, http://HOST:PORT or https://HOST:PORT, and "
              "nothing more",
          EINVAL};
}

}  // namespace

etcd_result<std::vector<std::string>> endpoints_of(const etcd_access& access) {
  constexpr std::string_view usual_port = "2379";
  const bool has_files = !access.authorities.empty() || !access.certificate.empty() || !access.key.empty();
  std::vector<std::string> all;
  for (const std::string& said : access.endpoints) {
    const std::size_t number = all.size() + 1;
    const bool has_scheme = said.find("://") != said.npos;
    const std::string whole = has_scheme ? said : (has_files ? "https://" : "http://") + said;
    const parsed_url url(curl_url());
    if (url == nullptr || curl_url_set(url.get(), CURLUPART_URL, whole.c_str(), 0) != CURLUE_OK)
      return is_none(number);
    const std::string scheme = part_of(url, CURLUPART_SCHEME);
    const std::string host = part_of(url, CURLUPART_HOST);
    const std::string path = part_of(url, CURLUPART_PATH);
    const bool has_more =
        !part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty() ||
        !part_of(url, CURLUPART_QUERY).empty() || !part_of(url, CURLUPART_FRAGMENT).empty() || path != "/" ||
        said.find('@') != said.npos;
    if ((scheme != "http" && scheme != "https") || host.empty() || has_more) return is_none(number);
    const std::string port = part_of(url, CURLUPART_PORT);
    all.push_back(scheme + "://" + host + ":" + (port.empty() ? std::string(usual_port) : port));
  }
  if (all.empty()) return is_none(1);
  return all;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
