#include "etcd_gateway.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "etcd_endpoint.hpp"
#include "etcd_json.hpp"

namespace agentslock {
namespace {

struct free_list {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// An answer's object; empty where it is none.
boost::json::object object_of(std::string_view text) {
  boost::system::error_code failed;
  auto value = boost::json::parse(text, failed);
  auto* const object = failed ? nullptr : value.if_object();
  return object == nullptr ? boost::json::object() : std::move(*object);
}

}  // namespace

/// A handle of libcurl's with the connections that it keeps; for one thread at a time.
class etcd_gateway::transfer {
 public:
  transfer() {
    // Once, and before another thread does it.
    static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (is_ready) handle_.reset(curl_easy_init());
  }

  /// Sends the request to one endpoint, once: libcurl would send it again where a connection that it kept had gone, which is for us
  /// to decide.
  etcd_result<boost::json::object> post(const etcd_access& access, const std::string& endpoint,
                                        std::string_view path, std::string_view request,
                                        std::string_view token, std::chrono::milliseconds limit) {
    if (handle_ == nullptr) return failed_transfer(CURLE_OUT_OF_MEMORY, false, endpoint);
    CURL* const handle = handle_.get();
    curl_easy_reset(handle);
    left_ = request;
    was_sent_ = false;
    answer_.clear();
    const std::string url = endpoint + std::string(path);
    // "Expect:" without a value: not to wait for the server before a large request.
    std::unique_ptr<curl_slist, free_list> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"));
    for (const std::string& header :
         {std::string("Expect:"),
          token.empty() ? std::string("Accept: application/json") : "Authorization: " + std::string(token)}) {
      curl_slist* const longer = curl_slist_append(headers.get(), header.c_str());
      if (longer == nullptr) return failed_transfer(CURLE_OUT_OF_MEMORY, false, endpoint);
      (void)headers.release();
      headers.reset(longer);
    }
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(limit, access.limits.connecting).count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.size()));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &transfer::send);
    curl_easy_setopt(handle, CURLOPT_READDATA, this);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &transfer::refuse_to_begin_again);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &transfer::receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    set_files(access);
    const CURLcode done = curl_easy_perform(handle);
    if (done != CURLE_OK) return failed_transfer(done, was_sent_, endpoint);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    constexpr long well_done = 200;
    auto object = object_of(answer_);
    if (status != well_done) {
      const std::string_view said = text_in(object, "error");
      return said.empty() ? failed_otherwise(status, answer_, endpoint)
                          : failed_request(status, said, endpoint);
    }
    answer_.clear();
    // Each of its answers says which member has answered.
    if (!object.contains("header")) return strange_answer(endpoint);
    return object;
  }

 private:
  struct free_handle {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };

  void set_files(const etcd_access& access) {
    CURL* const handle = handle_.get();
    if (!access.authorities.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, access.authorities.c_str());
    if (!access.certificate.empty()) curl_easy_setopt(handle, CURLOPT_SSLCERT, access.certificate.c_str());
    if (!access.key.empty()) curl_easy_setopt(handle, CURLOPT_SSLKEY, access.key.c_str());
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, access.verifies_server ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, access.verifies_server ? 2L : 0L);
  }

  static std::size_t send(char* to, std::size_t size, std::size_t count, void* self) {
    auto& one = *static_cast<transfer*>(self);
    // Asked for more than there is: it has begun again behind our back.
    if (one.left_.empty()) return CURL_READFUNC_ABORT;
    one.was_sent_ = true;
    const std::size_t some = std::min(size * count, one.left_.size());
    std::memcpy(to, one.left_.data(), some);
    one.left_.remove_prefix(some);
    return some;
  }
  static int refuse_to_begin_again(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }
  static std::size_t receive(char* from, std::size_t size, std::size_t count, void* self) {
    auto& one = *static_cast<transfer*>(self);
    if (one.answer_.size() + size * count > etcd_answer_size_bytes_max) return 0;
    one.answer_.append(from, size * count);
    return size * count;
  }

  std::unique_ptr<CURL, free_handle> handle_;
  std::string_view left_;
  bool was_sent_ = false;
  std::string answer_;
};

etcd_gateway::etcd_gateway(const etcd_access& access) : access_(access), endpoints_(endpoints_of(access)) {}
etcd_gateway::~etcd_gateway() = default;

std::unique_ptr<etcd_gateway::transfer> etcd_gateway::take() {
  const std::scoped_lock lock(mutex_);
  if (idle_.empty()) return std::make_unique<transfer>();
  auto one = std::move(idle_.back());
  idle_.pop_back();
  return one;
}

void etcd_gateway::put_back(std::unique_ptr<transfer> one) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(one));
}

etcd_gateway::clock::time_point etcd_gateway::patience() const {
  return clock::now() + access_.limits.answer;
}

etcd_result<boost::json::object> etcd_gateway::post(std::string_view path, std::string_view request,
                                                    std::string_view token, etcd_sending how,
                                                    clock::time_point deadline) {
  if (!endpoints_) return endpoints_.error();
  const std::size_t first = last_;
  auto one = take();
  etcd_result<boost::json::object> done =
      failed_transfer(CURLE_OPERATION_TIMEDOUT, false, endpoints_->front());
  for (std::size_t tried = 0; tried < endpoints_->size(); ++tried) {
    const std::size_t which = (first + tried) % endpoints_->size();
    last_ = which;
    for (bool is_again = false;; is_again = true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
      if (left.count() <= 0) break;
      // What may be asked of another one leaves time for that.
      const bool is_last = how == etcd_sending::once || tried + 1 == endpoints_->size();
      done = one->post(access_, (*endpoints_)[which], path, request, token, is_last ? left : left / 2);
      // A connection that was kept may have gone meanwhile.
      const bool was_cut_off = !done && done.error().number == ECONNRESET;
      if (!was_cut_off || is_again || how == etcd_sending::once) break;
    }
    const bool goes_on = !done && (done.error().what == etcd_trouble::not_connected ||
                                   (done.error().what == etcd_trouble::unknown && how != etcd_sending::once));
    if (!goes_on) break;
  }
  // The next is asked first where it is not known what this one does.
  if (!done && done.error().what == etcd_trouble::unknown) last_ = (last_ + 1) % endpoints_->size();
  put_back(std::move(one));
  return done;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
