#include "agentslock/io/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>

#include "hex.hpp"

namespace agentslock {
namespace {

/// Fetching an algorithm costs more than hashing a short text.
const EVP_MD* sha256() {
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                    EVP_MD_free);
  return algorithm.get();
}

std::string spelt(std::span<const unsigned char> hash) {
  std::string text = "sha256:";
  append_hex(text, hash);
  return text;
}

}  // namespace

std::string digest(std::string_view bytes) {
  std::array<unsigned char, 32> hash{};
  const EVP_MD* const algorithm = sha256();
  if (algorithm == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, algorithm, nullptr) != 1) {
    return {};
  }
  return spelt(hash);
}

digest_stream::digest_stream()
    : hash_(EVP_MD_CTX_new(), [](void* hash) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(hash)); }) {
  const EVP_MD* const algorithm = sha256();
  auto* const hash = static_cast<EVP_MD_CTX*>(hash_.get());
  if (algorithm == nullptr || hash == nullptr || EVP_DigestInit_ex2(hash, algorithm, nullptr) != 1)
    hash_.reset();
}

void digest_stream::add(std::string_view piece) noexcept {
  auto* const hash = static_cast<EVP_MD_CTX*>(hash_.get());
  if (hash != nullptr && EVP_DigestUpdate(hash, piece.data(), piece.size()) != 1) hash_.reset();
}

std::string digest_stream::finish() && {
  std::array<unsigned char, 32> bytes{};
  const auto hash = std::move(hash_);
  if (!hash || EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(hash.get()), bytes.data(), nullptr) != 1)
    return {};
  return spelt(bytes);
}

}  // namespace agentslock
