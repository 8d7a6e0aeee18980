#include "keyed_hash.hpp"

#include <sys/random.h>

#include <bit>
#include <chrono>
#include <cstddef>

namespace agentslock {
namespace {

struct sip_state {
  std::uint64_t a, b, c, d;

  void round() noexcept {
    a += b, c += d;
    b = std::rotl(b, 13) ^ a, d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b, a += d;
    b = std::rotl(b, 17) ^ c, d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  }

  void take(std::uint64_t word) noexcept {
    d ^= word;
    round(), round();
    a ^= word;
  }
};

/// Up to eight bytes, the first one lowest.
std::uint64_t word_of(std::string_view bytes) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}

hash_key random_key() noexcept {
  hash_key key;
  if (::getrandom(&key, sizeof key, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof key)) return key;
  // No random bytes so early after the start: the time and where we lie in memory must do.
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return {static_cast<std::uint64_t>(now), std::bit_cast<std::uintptr_t>(&key)};
}

}  // namespace

std::uint64_t keyed_hash(hash_key key, std::string_view text) noexcept {
  constexpr std::size_t step = 8;
  sip_state state{key.low ^ 0x736F6D6570736575, key.high ^ 0x646F72616E646F6D, key.low ^ 0x6C7967656E657261,
                  key.high ^ 0x7465646279746573};
  const std::uint64_t length = std::uint64_t{text.size()} << 56;
  for (; text.size() >= step; text.remove_prefix(step))
    state.take(word_of(text.substr(0, step)));
  state.take(length | word_of(text));
  state.c ^= 0xFF;
  for (int i = 0; i < 4; ++i)
    state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

hash_key own_hash_key() noexcept {
  static const hash_key key = random_key();
  return key;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
