// What every harness is made of: a law that ends the run when it is broken, and the parts of an input.
//
// A harness is LLVMFuzzerTestOneInput and nothing else: which engine calls it, or replay_main.cpp, it does not know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "../properties/laws/law.hpp"

namespace agentslock::fuzz {

/// Ends the run, naming the law, when it was broken: for an engine that is a crash.
inline void hold(std::string_view law, const laws::breach& broken) {
  if (!broken) return;
  std::fprintf(stderr, "BROKEN LAW: %.*s: %s\n", static_cast<int>(law.size()), law.data(), broken->c_str());
  std::abort();
}

/// The same for every law of a list.
template <class... Subjects>
void hold_all(std::span<const laws::named_law<Subjects...>> all, std::type_identity_t<Subjects>... subjects) {
  for (const auto& law : all)
    hold(law.name, law.check(subjects...));
}

/// An input's bytes as a text.
[[nodiscard]] inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// An input in two parts: what stands before its first NUL, which no JSON text holds, and what stands after it.
struct two_parts {
  std::string_view first;
  std::string_view second;
};
[[nodiscard]] inline two_parts split(std::string_view input) {
  const std::size_t at = input.find('\0');
  if (at == std::string_view::npos) return {input, {}};
  return {input.substr(0, at), input.substr(at + 1)};
}

}  // namespace agentslock::fuzz
// SPDX-License-Identifier: Apache-2.0
