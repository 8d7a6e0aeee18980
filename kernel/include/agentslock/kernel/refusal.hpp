/// How an operation of the kernel says no.
///
/// A refusal is an expected outcome and no exception: the operation changed nothing and says why.
///
///     outcome<> done = file.activate("crg", source, schema, now);
///     if (!done) report(done.why().message);
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "agentslock/kernel/lifetime.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Why an operation was refused. A closed list.
enum class refusal_code : std::uint8_t {
  /// A name is empty.
  empty_name,
  /// A name or text is not UTF-8.
  not_utf8,
  /// A digest is empty where one is needed.
  empty_digest,
  /// The time's year is not between 0000 and 9999.
  time_out_of_range,
  /// The document has no such adapter.
  unknown_adapter,
  /// The document has no such view.
  unknown_view,
  /// The view is registered already.
  already_registered,
  /// The transition table has no such edge from the view's status.
  no_such_transition,
  /// The build read another schema of a dependee than the view records.
  built_against_another_schema,
  /// `ready` views of other adapters depend on the adapter.
  needed_by_ready_views,
  /// The view's entry, or a digest, is no longer what the verdict or the build was given.
  facts_are_stale,
  /// A verdict that the step needs was not given.
  verdict_missing,
  /// The presence of a view could not be found out.
  presence_unknown,
};

/// A refusal's name, as it is spelt in code and in JSON output.
[[nodiscard]] std::string_view name(refusal_code code) noexcept;

/// Why an operation was refused; what it was asked to change is as it was.
struct refusal {
  refusal_code code;
  /// For people: what, where, and what to do. Names are quoted as they are, control characters included.
  std::string message;
};

/// How a layer above says an outcome in its own type of results: it specialises this with `static To from(outcome<T>)`, and
/// an outcome then becomes a `To` wherever one is wanted, as in `return file.activate(…)`.
template <class To, class T>
struct outcome_as;

/// The result of an operation, or why there is none.
template <class T = std::monostate>
class [[nodiscard]] outcome {
 public:
  outcome() requires std::is_same_v<T, std::monostate>
  = default;
  outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  outcome(refusal why) : state_(std::in_place_index<1>, std::move(why)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Precondition of these: has_value().
  [[nodiscard]] const T& operator*() const& noexcept AGENTSLOCK_LIFETIMEBOUND {
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& operator*() && noexcept AGENTSLOCK_LIFETIMEBOUND {
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const T* operator->() const noexcept AGENTSLOCK_LIFETIMEBOUND {
    return std::get_if<0>(&state_);
  }

  /// Precondition: !has_value().
  [[nodiscard]] const refusal& why() const noexcept AGENTSLOCK_LIFETIMEBOUND {
    return *std::get_if<1>(&state_);
  }

  template <class To>
  requires requires(outcome&& done) {
    { outcome_as<To, T>::from(std::move(done)) } -> std::same_as<To>;
  }
  operator To() && { return outcome_as<To, T>::from(std::move(*this)); }
  template <class To>
  requires requires(outcome&& done) {
    { outcome_as<To, T>::from(std::move(done)) } -> std::same_as<To>;
  }
  operator To() const& { return outcome_as<To, T>::from(*this); }

 private:
  std::variant<T, refusal> state_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
