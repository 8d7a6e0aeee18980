#include "etcd_pairs.hpp"

#include <thread>
#include <utility>

#include "agentslock/io/host.hpp"

namespace agentslock {
namespace {

namespace json = boost::json;

// The largest document in base64, and what stands around it.
static_assert(etcd_document_size_bytes_max / 3 * 4 + (std::size_t{1} << 20) < etcd_answer_size_bytes_max);

constexpr std::string_view transaction_path = "/v3/kv/txn";
constexpr std::string_view range_path = "/v3/kv/range";

/// Where a document's token lies. No key of a document's holds a NUL.
std::string token_key(std::string_view key) {
  return std::string(key) + '\0';
}

json::object read_of(std::string_view key, bool with_content) {
  json::object range{{"key", to_base64(key)}};
  if (!with_content) range["keys_only"] = true;
  return {{"request_range", std::move(range)}};
}

json::object put_of(std::string_view key, std::string_view value) {
  return {{"request_put", {{"key", to_base64(key)}, {"value", to_base64(value)}}}};
}

/// The key that an answer of a read holds; none where it is not there.
const json::object& found_in(const json::object& range) {
  static const json::object none;
  const json::array& found = array_in(range, "kvs");
  const auto* const first = found.empty() ? nullptr : found.front().if_object();
  return first == nullptr ? none : *first;
}

/// The answer to one of the reads of a transaction; null where there is none, which is not to be taken for a key that is not there.
const json::object* answer_in(const json::object& transaction, std::size_t which) {
  const json::array& all = array_in(transaction, "responses");
  const auto* const one = which < all.size() ? all[which].if_object() : nullptr;
  const auto* const range = one == nullptr ? nullptr : one->if_contains("response_range");
  return range == nullptr ? nullptr : range->if_object();
}

void take_token(etcd_revision& revision, const json::object& found) {
  const auto token = from_base64(text_in(found, "value"));
  revision.token = token ? std::string(token->view()) : std::string();
  revision.tokens = number_in(found, "version");
  revision.token_modified = number_in(found, "mod_revision");
}

/// The first key behind all that begin so. A prefix is UTF-8, and so ends in no byte that has none behind it.
std::string end_of(std::string_view prefix) {
  std::string end(prefix);
  if (end.empty()) return std::string(1, '\0');  // as etcd says: no end
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace

/// One swap, as it may be sent more than once.
struct etcd_pairs::change {
  std::string_view key;
  const etcd_revision& as_read;
  std::string token;
  json::object request;
};

etcd_result<etcd_pairs::found_row> etcd_pairs::find(std::string_view key, bool with_content,
                                                    time_point deadline) {
  // One transaction, so that both are of one moment. Without reads of its own it would be answered by a member alone.
  const json::object request{
      {"success", json::array{read_of(key, with_content), read_of(token_key(key), true)}}};
  const auto done = client_.ask(transaction_path, request, etcd_sending::repeated, deadline);
  if (!done) return done.error();
  const json::object* const of_document = answer_in(*done, 0);
  const json::object* const of_token = answer_in(*done, 1);
  if (of_document == nullptr || of_token == nullptr) return strange_answer("one of the endpoints");
  found_row now;
  const json::object& document = found_in(*of_document);
  now.revision.modified = number_in(document, "mod_revision");
  now.exists = !document.empty();
  if (with_content) {
    auto content = from_base64(text_in(document, "value"));
    if (!content) return strange_answer("one of the endpoints");
    now.content = std::move(*content);
  }
  take_token(now.revision, found_in(*of_token));
  return now;
}

result<etcd_pairs::found_row> etcd_pairs::read(std::string_view key) {
  auto now = find(key, true, client_.patience());
  if (!now) return etcd_errors::of(now.error(), key);
  return std::move(*now);
}

result<etcd_pairs::found_row> etcd_pairs::read_revision(std::string_view key) {
  auto now = find(key, false, client_.patience());
  if (!now) return etcd_errors::of(now.error(), key);
  return std::move(*now);
}

etcd_result<bool> etcd_pairs::run(const change& one, time_point deadline) {
  const auto done = client_.ask(transaction_path, one.request, etcd_sending::once, deadline);
  if (!done) return done.error();
  return done->contains("succeeded");  // it is left out when it is false
}

etcd_pairs::settled etcd_pairs::look_back(const change& one, etcd_revision now, time_point deadline) {
  // Each write of ours has counted the tokens: the one that came first after what was read is the one that tells.
  while (now.tokens > one.as_read.tokens + 1) {
    const json::object request{{"key", to_base64(token_key(one.key))},
                               {"revision", std::to_string(now.token_modified - 1)}};
    const auto before = client_.ask(range_path, request, etcd_sending::repeated, deadline);
    const std::int64_t tokens = now.tokens;
    if (!before) return settled::uncertain;
    take_token(now, found_in(*before));
    if (now.tokens != tokens - 1) return settled::uncertain;
    if (now.token == one.token) return settled::written;
  }
  const bool is_known = now.tokens == one.as_read.tokens + 1 || now.token == one.as_read.token;
  return is_known ? settled::not_written : settled::uncertain;
}

etcd_pairs::settled etcd_pairs::settle(const change& one) {
  constexpr std::chrono::milliseconds pause(50);
  const auto deadline = etcd_client::clock::now() + wait_;
  do {
    const auto now = find(one.key, false, deadline);
    if (now) {
      if (now->revision.token == one.token) return settled::written;
      if (!(now->revision == one.as_read)) return look_back(one, now->revision, deadline);
      // Ours is not there, but may be on its way. Of it and the same once more at most one is done.
      const auto again = run(one, deadline);
      if (again && *again) return settled::written;
      if (again) continue;
      if (again.error().what == etcd_trouble::refused) return settled::uncertain;
    } else if (now.error().what == etcd_trouble::refused) {
      return settled::uncertain;
    }
    std::this_thread::sleep_for(pause);
  } while (etcd_client::clock::now() < deadline);
  return settled::uncertain;
}

result<> etcd_pairs::settle_at_quota(const change& one, const etcd_failure& why) {
  const auto deadline = client_.patience();
  const auto now = find(one.key, false, deadline);
  if (!now) return etcd_errors::uncertain(why, one.key);
  if (now->revision == one.as_read) return etcd_errors::of(why, one.key);
  const bool stands = now->revision.token == one.token;
  switch (stands ? settled::written : look_back(one, now->revision, deadline)) {
    case settled::written:
      return {};
    case settled::not_written:
      return etcd_errors::of(why, one.key);
    case settled::uncertain:
      break;
  }
  return etcd_errors::uncertain(why, one.key);
}

result<> etcd_pairs::swap(std::string_view key, const etcd_revision& as_read,
                          std::optional<std::string_view> content) {
  if (content && content->size() > size_bytes_max) return etcd_errors::too_large(key, content->size());
  change one{key, as_read, system_host().random_token(), {}};
  const std::string token_at = token_key(key);
  json::object same_token{{"key", to_base64(token_at)}};
  if (as_read.tokens == 0) {
    same_token.insert({{"target", "VERSION"}, {"version", "0"}});
  } else {
    same_token.insert({{"target", "VALUE"}, {"value", to_base64(as_read.token)}});
  }
  json::object write =
      content ? put_of(key, *content) : json::object{{"request_delete_range", {{"key", to_base64(key)}}}};
  one.request = {{"compare", json::array{json::object{{"key", to_base64(key)},
                                                      {"target", "MOD"},
                                                      {"mod_revision", std::to_string(as_read.modified)}},
                                         std::move(same_token)}},
                 {"success", json::array{std::move(write), put_of(token_at, one.token)}}};
  const auto done = run(one, client_.patience());
  if (done && *done) return {};
  if (done) return etcd_errors::overtaken(key);
  const etcd_failure& why = done.error();
  if (why.code == errc::too_large && content) return etcd_errors::too_large_a_request(key, content->size());
  if (why.code == errc::no_space) return settle_at_quota(one, why);
  if (why.what != etcd_trouble::unknown) return etcd_errors::of(why, key);
  switch (settle(one)) {
    case settled::written:
      return {};
    case settled::not_written:
      return etcd_errors::overtaken(key);
    case settled::uncertain:
      break;
  }
  return etcd_errors::uncertain(why, key);
}

result<std::vector<etcd_documents::listed>> etcd_pairs::list(std::string_view prefix) {
  constexpr std::int64_t keys_at_once = 1000;
  std::vector<etcd_documents::listed> all;
  std::string from = prefix.empty() ? std::string(1, '\0') : std::string(prefix);
  std::int64_t moment = 0;
  for (bool has_more = true; has_more;) {
    json::object request{{"key", to_base64(from)},
                         {"range_end", to_base64(end_of(prefix))},
                         {"limit", std::to_string(keys_at_once)},
                         {"keys_only", true}};
    if (moment != 0) request["revision"] = std::to_string(moment);
    const auto page = client_.ask(range_path, request, etcd_sending::repeated, client_.patience());
    if (!page) return etcd_errors::of(page.error(), prefix);
    if (moment == 0) moment = number_in(object_in(*page, "header"), "revision");
    const json::array& found = array_in(*page, "kvs");
    for (const json::value& entry : found) {
      const auto* const pair = entry.if_object();
      const auto key = pair == nullptr ? std::nullopt : from_base64(text_in(*pair, "key"));
      if (!key || key->view() < from) return etcd_errors::of(strange_answer("one of the endpoints"), prefix);
      from = std::string(key->view()) + '\0';
      // Tokens, and what can be no document's key.
      if (!check_key(key->view())) continue;
      all.push_back(
          {std::string(key->view()), number_in(*pair, "mod_revision"), number_in(*pair, "version")});
    }
    has_more = page->contains("more") && !found.empty();
  }
  return all;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
