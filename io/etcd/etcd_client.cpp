#include "etcd_client.hpp"

#include <utility>

namespace agentslock {
namespace json = boost::json;

etcd_result<std::string> etcd_client::token_after(std::string_view old, bool was_refused,
                                                  clock::time_point deadline) {
  const std::scoped_lock lock(mutex_);
  if (user_.empty() || token_ != old || (is_open_to_all_ && !was_refused)) return token_;
  const std::string request = json::serialize(json::object{{"name", user_}, {"password", password_}});
  const auto done = gateway_.post("/v3/auth/authenticate", request, {}, etcd_sending::repeated, deadline);
  if (!done) {
    // As etcdctl has it: a user is named, and nobody asks who it is.
    is_open_to_all_ = done.error().what == etcd_trouble::has_no_users;
    if (is_open_to_all_) return token_;
    return done.error();
  }
  is_open_to_all_ = false;
  token_ = text_in(*done, "token");
  return token_;
}

etcd_result<json::object> etcd_client::ask(std::string_view path, const json::object& request,
                                           etcd_sending how, clock::time_point deadline) {
  const std::string text = json::serialize(request);
  std::string token;
  for (bool is_again = false;; is_again = true) {
    // What was refused for its token was not done, however it is to be sent.
    auto proof = token_after(token, is_again, deadline);
    if (!proof) {
      etcd_failure why = proof.error();
      if (why.what == etcd_trouble::unknown) why.what = etcd_trouble::not_connected;
      return why;
    }
    token = std::move(*proof);
    auto done = gateway_.post(path, text, token, how, deadline);
    if (done || done.error().what != etcd_trouble::token_ran_out || is_again) return done;
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
