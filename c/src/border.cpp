#include "border.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>

namespace agentslock::c {
namespace {

/// What is told when there is no memory to tell anything else. Made when the library is loaded; never freed.
agentslock_error& ran_out() noexcept {
  static_assert(sizeof("memory ran out") <= 16, "short enough for a string that allocates nothing");
  static agentslock_error told{AGENTSLOCK_OUT_OF_MEMORY, "memory ran out"};
  return told;
}

agentslock_code hand_out(agentslock_error** why, agentslock_error what) {
  const agentslock_code code = what.code;
  if (why != nullptr) *why = std::make_unique<agentslock_error>(std::move(what)).release();
  return code;
}

agentslock_code tell_ran_out(agentslock_error** why) noexcept {
  if (why != nullptr) *why = &ran_out();
  return AGENTSLOCK_OUT_OF_MEMORY;
}

/// May throw bad_alloc. What is being handled is told by its kind.
agentslock_code tell_kind(agentslock_error** why) {
  try {
    throw;
  } catch (const wrong_call& one) {
    return hand_out(why, {AGENTSLOCK_INVALID_ARGUMENT, one.what});
  } catch (const given_up& one) {
    return hand_out(why, {AGENTSLOCK_GIVEN_UP, one.what});
  } catch (const error_exception& one) {
    return tell(why, one.why());
  } catch (const std::bad_alloc&) {
    return tell_ran_out(why);
  } catch (const std::length_error&) {
    return hand_out(why, {AGENTSLOCK_TOO_LARGE, "a text would be longer than any object"});
  } catch (const std::system_error& one) {
    return hand_out(why, {AGENTSLOCK_IO_FAILED, one.what(), 0, one.code().value()});
  } catch (const std::exception& one) {
    return hand_out(why, {AGENTSLOCK_INTERNAL, std::string("internal error: ") + one.what()});
  } catch (...) {
    return hand_out(why, {AGENTSLOCK_INTERNAL, "internal error: an exception of an unknown kind"});
  }
}

}  // namespace

agentslock_code tell(agentslock_error** why, const error& what) {
  agentslock_error told{code_of(what.code()), what.message()};
  if (const auto refused = what.refused_as()) told.refusal = number_of(*refused);
  if (what.cause()) told.system_error = what.cause().value();
  if (const auto position = what.position()) told.position = *position;
  return hand_out(why, std::move(told));
}

void write_digest(std::string_view made, char* place) {
  constexpr std::size_t digest_bytes = 71;
  if (made.size() != digest_bytes) throw std::runtime_error("the cryptographic library failed");
  *std::copy(made.begin(), made.end(), place) = '\0';
}

agentslock_code tell_exception(agentslock_error** why) noexcept {
  try {
    return tell_kind(why);
  } catch (const std::bad_alloc&) {
    return tell_ran_out(why);
  }
}

}  // namespace agentslock::c

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
  if (error != &ran_out()) delete error;
}

}  // extern "C"
