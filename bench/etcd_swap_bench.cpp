// A compare-and-swap in etcd against the shortest transaction that compares a revision.
#include <curl/curl.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <memory>
#include <string>

#include "agentslock/io/etcd_documents.hpp"
#include "etcd_json.hpp"
#include "support/etcd_cluster.hpp"
#include "swap_bench.hpp"

namespace agentslock::bench {
namespace {

using testing::shared_etcd_cluster;

/// A key that is compared and swapped by the gateway, with nothing between but libcurl.
class bare_key {
 public:
  explicit bare_key(const std::string& endpoint) : handle_(curl_easy_init(), curl_easy_cleanup) {
    const std::string url = endpoint + "/v3/kv/txn";
    curl_easy_setopt(handle_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, &bare_key::receive);
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, this);
    headers_ = curl_slist_append(headers_, "Expect:");
    curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, headers_);
  }
  bare_key(const bare_key&) = delete;
  bare_key& operator=(const bare_key&) = delete;
  ~bare_key() { curl_slist_free_all(headers_); }

  void swap(std::string_view bytes) {
    const std::string key = to_base64("bare");
    const std::string request = R"({"compare":[{"key":")" + key + R"(","target":"MOD","mod_revision":")" +
                                revision_ + R"("}],"success":[{"request_put":{"key":")" + key +
                                R"(","value":")" + to_base64(bytes) + R"("}}]})";
    answer_.clear();
    curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDS, request.data());
    curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(request.size()));
    if (curl_easy_perform(handle_.get()) != CURLE_OK) std::abort();
    const auto answer = boost::json::parse(answer_).as_object();
    if (!answer.contains("succeeded")) std::abort();  // left out where the comparison failed
    revision_ = text_in(object_in(answer, "header"), "revision");
  }

 private:
  static std::size_t receive(char* from, std::size_t size, std::size_t count, void* self) {
    static_cast<bare_key*>(self)->answer_.append(from, size * count);
    return size * count;
  }
  std::unique_ptr<CURL, void (*)(CURL*)> handle_;
  curl_slist* headers_ = nullptr;
  std::string answer_;
  std::string revision_ = "0";
};

swap_pair in_etcd() {
  const etcd_documents documents(shared_etcd_cluster().access());
  if (!documents.put("swapped", "{}") || !documents.remove("bare")) std::abort();
  const auto key = std::make_shared<bare_key>(shared_etcd_cluster().endpoint());
  return {documents.document("swapped"), [key](std::string_view bytes) { key->swap(bytes); }};
}

[[maybe_unused]] const bool added = register_swaps("etcd", in_etcd);

}  // namespace
}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
