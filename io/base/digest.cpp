#include "agentslock/io/digest.hpp"

// The functions of SHA-256 itself. The general ones, which have replaced them, first load all algorithms that there are: that
// takes longer than all else that the command does for a small document.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <array>
#include <span>

#include "hex.hpp"

namespace agentslock {
namespace {

using hash_bytes = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

std::string spelt(std::span<const unsigned char> hash) {
  std::string text = "sha256:";
  text.reserve(text.size() + 2 * hash.size());
  append_hex(text, hash);
  return text;
}

}  // namespace

std::string digest(std::string_view bytes) {
  SHA256_CTX state;
  hash_bytes hash{};
  if (SHA256_Init(&state) != 1 || SHA256_Update(&state, bytes.data(), bytes.size()) != 1 ||
      SHA256_Final(hash.data(), &state) != 1) {
    return {};
  }
  return spelt(hash);
}

digest_stream::digest_stream()
    : hash_(new SHA256_CTX, [](void* hash) { delete static_cast<SHA256_CTX*>(hash); }) {
  if (SHA256_Init(static_cast<SHA256_CTX*>(hash_.get())) != 1) hash_.reset();
}

void digest_stream::add(std::string_view piece) noexcept {
  auto* const hash = static_cast<SHA256_CTX*>(hash_.get());
  if (hash != nullptr && SHA256_Update(hash, piece.data(), piece.size()) != 1) hash_.reset();
}

std::string digest_stream::finish() && {
  hash_bytes bytes{};
  const auto hash = std::move(hash_);
  if (!hash || SHA256_Final(bytes.data(), static_cast<SHA256_CTX*>(hash.get())) != 1) return {};
  return spelt(bytes);
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
