// The border between C and C++: what comes in is looked at, no exception goes out, an error becomes a code and a text.
#pragma once

#include <agentslock.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/entries.hpp"

struct agentslock_error {
  agentslock_code code = AGENTSLOCK_INTERNAL;
  std::string message;
  std::int32_t refusal = 0;
  std::int32_t system_error = 0;
  agentslock::text_position position{0, 0};
};

namespace agentslock::c {

/// The call itself is wrong: what was handed in can't be looked at.
struct wrong_call {
  const char* what;
};

/// A callback of the caller's did not want the call to go on.
struct given_up {
  const char* what;
};

/// The numbers of the C interface, which never change.
[[nodiscard]] agentslock_code code_of(errc code) noexcept;
[[nodiscard]] std::int32_t number_of(refusal_code code) noexcept;
[[nodiscard]] std::int32_t number_of(view_state state) noexcept;

/// Hands out an error; `why` may be null. For want of memory the message may say only what the code means.
agentslock_code tell(agentslock_error** why, const error& what) noexcept;
/// The same of the exception that is being handled.
agentslock_code tell_exception(agentslock_error** why) noexcept;

/// Runs the work of one function of the interface: `work` returns a result<>.
template <class Work>
agentslock_code guarded(agentslock_error** why, const Work& work) noexcept {
  if (why != nullptr) *why = nullptr;
  try {
    const result<> done = work();
    return done ? AGENTSLOCK_OK : tell(why, done.error());
  } catch (...) {
    return tell_exception(why);
  }
}

/// The same of a function that hands out a handle: `work` returns a result of a unique_ptr to it.
template <class Handle, class Work>
agentslock_code made(Handle** out, agentslock_error** why, const Work& work) noexcept {
  if (out != nullptr) *out = nullptr;
  return guarded(why, [&]() -> result<> {
    if (out == nullptr) throw wrong_call{"the out-pointer is NULL"};
    auto what = work();
    if (!what) return what.error();
    *out = what->release();
    return {};
  });
}

/// A handle that was handed in. Throws wrong_call.
template <class Handle>
Handle& given(Handle* handle) {
  if (handle == nullptr) throw wrong_call{"a handle is NULL"};
  return *handle;
}

[[nodiscard]] inline std::string_view text_in(agentslock_text text) {
  if (text.size > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()))
    throw wrong_call{"a text is longer than any object"};
  if (text.data == nullptr && text.size != 0) throw wrong_call{"a text that is not empty is NULL"};
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

[[nodiscard]] inline view_key key_in(agentslock_key key) {
  return {text_in(key.adapter), text_in(key.view)};
}

template <class T>
[[nodiscard]] std::span<const T> array_in(const T* items, std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / sizeof(T))
    throw wrong_call{"an array is longer than any object"};
  if (items == nullptr && count != 0) throw wrong_call{"an array that is not empty is NULL"};
  return {items, count};
}

/// A choice between 0 and 1.
[[nodiscard]] inline bool choice_in(std::int32_t choice) {
  if (choice != 0 && choice != 1) throw wrong_call{"a choice is neither 0 nor 1"};
  return choice == 1;
}

/// A text for C. Precondition: a NUL stands after it, as in strings and literals; it lives as long as it is promised to.
[[nodiscard]] inline agentslock_text text_out(std::string_view text) noexcept {
  return text.data() == nullptr ? agentslock_text{"", 0} : agentslock_text{text.data(), text.size()};
}

/// Puts a digest and a NUL into 72 bytes of C's. An empty one says that the cryptographic library failed.
void write_digest(std::string_view made, char* place);

/// A text that is nothing.
inline constexpr agentslock_text nothing{nullptr, 0};

/// What C asks of a handle that may be NULL: 0, an empty text, NULL.
template <class Handle, class Look>
auto looked_at(const Handle* handle, const Look& look) noexcept -> decltype(look(*handle)) {
  if (handle == nullptr) return {};
  return look(*handle);
}

}  // namespace agentslock::c
// SPDX-License-Identifier: Apache-2.0
