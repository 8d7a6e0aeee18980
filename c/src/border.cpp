#include "border.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace agentslock::c {
namespace {

/// An error for each code, for when there is no memory to tell more. Made when the library is loaded; never freed.
std::vector<agentslock_error> made_before() {
  std::vector<agentslock_error> all;
  const auto add = [&](agentslock_code code) {
    all.push_back({code, std::string(agentslock_code_meaning(code).data)});
  };
  for (const errc_row& one : errc_table())
    add(code_of(one.code));
  add(AGENTSLOCK_GIVEN_UP);
  add(AGENTSLOCK_INTERNAL);
  return all;
}
std::vector<agentslock_error> plain_errors = made_before();

bool is_plain(const agentslock_error* error) noexcept {
  return std::any_of(plain_errors.begin(), plain_errors.end(),
                     [&](const agentslock_error& one) { return &one == error; });
}

agentslock_code tell_plainly(agentslock_error** why, agentslock_code code) noexcept {
  for (agentslock_error& one : plain_errors) {
    if (one.code == code && why != nullptr) *why = &one;
  }
  return code;
}

/// What can't be told for want of memory is told plainly: the code says what became of the document.
agentslock_code hand_out(agentslock_error** why, agentslock_code code, const auto& make) noexcept {
  try {
    if (why != nullptr) *why = std::make_unique<agentslock_error>(make()).release();
    return code;
  } catch (const std::bad_alloc&) {
    return tell_plainly(why, code);
  }
}

agentslock_code hand_out(agentslock_error** why, agentslock_code code, const char* message,
                         std::int32_t system_error = 0) noexcept {
  return hand_out(why, code, [&] { return agentslock_error{code, message, 0, system_error}; });
}

}  // namespace

agentslock_code tell(agentslock_error** why, const error& what) noexcept {
  return hand_out(why, code_of(what.code()), [&] {
    agentslock_error told{code_of(what.code()), what.message()};
    if (const auto refused = what.refused_as()) told.refusal = number_of(*refused);
    if (what.cause()) told.system_error = what.cause().value();
    if (const auto position = what.position()) told.position = *position;
    return told;
  });
}

void write_digest(std::string_view made, char* place) {
  constexpr std::size_t digest_bytes = 71;
  if (made.size() != digest_bytes) throw std::runtime_error("the cryptographic library failed");
  *std::copy(made.begin(), made.end(), place) = '\0';
}

agentslock_code tell_exception(agentslock_error** why) noexcept {
  try {
    throw;
  } catch (const wrong_call& one) {
    return hand_out(why, AGENTSLOCK_INVALID_ARGUMENT, one.what);
  } catch (const given_up& one) {
    return hand_out(why, AGENTSLOCK_GIVEN_UP, one.what);
  } catch (const error_exception& one) {
    return tell(why, one.why());
  } catch (const std::bad_alloc&) {
    return tell_plainly(why, AGENTSLOCK_OUT_OF_MEMORY);
  } catch (const std::length_error&) {
    return hand_out(why, AGENTSLOCK_TOO_LARGE, "a text would be longer than any object");
  } catch (const std::system_error& one) {
    return hand_out(why, AGENTSLOCK_IO_FAILED, one.what(), one.code().value());
  } catch (const std::exception& one) {
    return hand_out(why, AGENTSLOCK_INTERNAL, one.what());
  } catch (...) {
    return hand_out(why, AGENTSLOCK_INTERNAL, "an exception of an unknown kind");
  }
}

}  // namespace agentslock::c

using namespace agentslock;
using namespace agentslock::c;

extern "C" {

agentslock_code agentslock_error_code(const agentslock_error* error) {
  return looked_at(error, [](const agentslock_error& one) { return one.code; });
}
agentslock_text agentslock_error_message(const agentslock_error* error) {
  return error == nullptr ? text_out("") : text_out(error->message);
}
int32_t agentslock_error_refusal(const agentslock_error* error) {
  return looked_at(error, [](const agentslock_error& one) { return one.refusal; });
}
int32_t agentslock_error_errno(const agentslock_error* error) {
  return looked_at(error, [](const agentslock_error& one) { return one.system_error; });
}
size_t agentslock_error_line(const agentslock_error* error) {
  return looked_at(error, [](const agentslock_error& one) { return one.position.line; });
}
size_t agentslock_error_column(const agentslock_error* error) {
  return looked_at(error, [](const agentslock_error& one) { return one.position.column; });
}
void agentslock_error_free(agentslock_error* error) {
  if (error != nullptr && !is_plain(error)) delete error;
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
