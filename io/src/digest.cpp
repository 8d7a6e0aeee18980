#include "agentslock/io/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace agentslock {

std::string digest(std::string_view bytes) {
  // Fetching an algorithm costs more than hashing a short text.
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                    EVP_MD_free);
  std::array<unsigned char, 32> hash{};
  if (!algorithm ||
      EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, algorithm.get(), nullptr) != 1) {
    return {};
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "sha256:";
  for (unsigned char byte : hash) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace agentslock
