/// The one error of the io layer: a code from a closed list, a message for people, and the cause.
///
/// Functions return `result<T>`: a value or an error. Nothing of the io layer throws for an expected outcome;
/// a caller who wants exceptions calls `.value()`, which throws `error_exception`.
///
///     result<loaded_lockfile> file = store.load();
///     if (!file) report(file.error().message());
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "agentslock/kernel/refusal.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// What went wrong. A closed list; errc_table says what each one means and what is then on disk.
enum class errc : std::uint8_t {
  // The document.
  not_json,
  conflict_marks,
  wrong_encoding,
  lfs_pointer,
  encrypted,
  not_an_object,
  too_deep,
  too_large,
  number_out_of_range,
  repeated_name,
  name_differs_in_case,
  wrong_type,
  unsupported_version,
  reserved_section,
  // The file.
  document_missing,
  not_a_file,
  access_denied,
  no_space,
  io_failed,
  out_of_memory,
  // Writing together with others.
  conflict,
  lock_timeout,
  lock_lost,
  outcome_uncertain,
  not_durable,
  not_a_lock,
  // The kernel.
  refused,
  // Stores.
  store_unreachable,
  store_corrupt,
  store_busy,
  store_empty,
  name_too_long,
  // The call.
  invalid_argument,
};

/// One line of the list of errors.
struct errc_row {
  errc code;
  /// As it is spelt in code and in JSON output.
  std::string_view name;
  std::string_view meaning;
  /// What the document's file holds after the call that returned this.
  std::string_view on_disk;
};

/// Every code, in the order of the enumeration.
[[nodiscard]] std::span<const errc_row> errc_table() noexcept;
[[nodiscard]] std::string_view name(errc code) noexcept;

/// A place in a text, counted from 1. A column counts characters, not bytes.
struct text_position {
  std::size_t line = 1;
  std::size_t column = 1;

  friend bool operator==(text_position, text_position) = default;
};

/// The position of a byte. Linear in the offset.
[[nodiscard]] text_position position_of(std::string_view text, std::size_t offset) noexcept;

/// An error. Cheap to move; its message is complete, so that printing it is all that a caller must do.
class error {
 public:
  /// What boost::system::result answers when it is asked for the error of a success. Means nothing; its code is none of errc.
  error() = default;
  error(errc code, std::string message) : code_(code), message_(std::move(message)) {}
  error(errc code, std::string message, boost::system::error_code cause)
      : code_(code), message_(std::move(message)), cause_(cause) {}
  /// An operation that the kernel refused.
  explicit error(refusal why)
      : code_(errc::refused), message_(std::move(why.message)), refused_as_(why.code) {}

  [[nodiscard]] errc code() const noexcept { return code_; }
  /// What, where, and what to do. May hold characters of the document as they are, control characters too.
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  /// The system call's error; false when there was none.
  [[nodiscard]] boost::system::error_code cause() const noexcept { return cause_; }
  /// Which refusal, when the code is errc::refused.
  [[nodiscard]] std::optional<refusal_code> refused_as() const noexcept { return refused_as_; }
  /// Where in the document, when the error is about its text.
  [[nodiscard]] std::optional<text_position> position() const noexcept { return position_; }

  error&& at(text_position position) && noexcept {
    position_ = position;
    return std::move(*this);
  }

 private:
  errc code_{0xFF};  // none of them, so that no comparison takes a success for an error
  std::string message_;
  boost::system::error_code cause_;
  std::optional<refusal_code> refused_as_;
  std::optional<text_position> position_;
};

/// What `.value()` of a failed result throws.
class error_exception : public std::runtime_error {
 public:
  explicit error_exception(error why) : std::runtime_error(why.message()), error_(std::move(why)) {}
  [[nodiscard]] const error& why() const noexcept { return error_; }

 private:
  error error_;
};

[[noreturn]] void throw_exception_from_error(const error& why, const boost::source_location& where);

/// A value or an error. `result<>` is success or an error.
template <class T = void>
using result = boost::system::result<T, error>;

/// What an operation of the kernel answered, as a result: with its value, or without it where success is all that is wanted.
///
///     auto done = store.update(
///         [&](lockfile& file) -> result<> { return file.activate("crg", source, schema, store.now()); });
template <class To, class T>
requires(std::is_void_v<To> || std::same_as<To, T>) struct outcome_as<result<To>, T> {
  static result<To> from(outcome<T> done) {
    if (!done) return error(done.why());
    if constexpr (std::is_void_v<To>) {
      return {};
    } else {
      return *std::move(done);
    }
  }
};

/// What one system call returns: a value or its errno.
template <class T = void>
using sys_result = boost::system::result<T, boost::system::error_code>;

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
