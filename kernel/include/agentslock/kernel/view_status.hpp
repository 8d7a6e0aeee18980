/// What a lock document can say about a materialized view.
///
/// This header knows the spelling of the four statuses and nothing about how a view gets from one to
/// another: that is transition.hpp.
///
///     view_state state = read_state("pending-rebuild");   // view_state::pending_rebuild
///     std::string_view text = spelling(view_status::ready);  // "ready"
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#pragma GCC visibility push(default)
namespace agentslock {

/// Called where a table that is evaluated at compile time is not whole: since it is not constexpr, that does not compile, and
/// the compiler shows what is wrong.
inline void does_not_compile(const char* /*what_is_wrong*/) noexcept {}

/// The four statuses of a registered view (§10.1.1). No fifth exists.
enum class view_status : std::uint8_t {
  /// The view's tables were there with the recorded digest, when last looked at. It may be queried.
  ready,
  /// A dependee got another schema: the view's program must be validated again.
  pending_recompat_check,
  /// The program is valid, the tables are not: they must be built again.
  pending_rebuild,
  /// The program was found invalid against a dependee's schema: it must be changed. Only this one blocks a
  /// dependee's activation.
  dsl_update_required,
};

/// Where a view stands in the machine: one of the four statuses, or one of two places outside them.
/// The first four have the values of view_status.
enum class view_state : std::uint8_t {
  ready,
  pending_recompat_check,
  pending_rebuild,
  dsl_update_required,
  /// The document holds a text that is none of the four (also the empty one).
  unrecognised,
  /// The document has no such view.
  none,
};

inline constexpr std::size_t view_status_count = 4;
inline constexpr std::size_t view_state_count = 6;

/// The four, in the order in which a view that is bumped passes through them.
inline constexpr std::array<view_status, view_status_count> all_view_statuses{
    view_status::ready, view_status::pending_recompat_check, view_status::pending_rebuild,
    view_status::dsl_update_required};

/// The states in which an entry in a document can be: the four, and the unrecognised text.
inline constexpr std::array<view_state, 5> recorded_states{
    view_state::ready, view_state::pending_rebuild, view_state::pending_recompat_check,
    view_state::dsl_update_required, view_state::unrecognised};

/// A status as it is spelt in the document.
/// Constant time, no allocation; the text is static.
[[nodiscard]] constexpr std::string_view spelling(view_status status) noexcept {
  constexpr std::array<std::string_view, view_status_count> texts{"ready", "pending-recompat-check",
                                                                  "pending-rebuild", "dsl-update-required"};
  return texts[static_cast<std::size_t>(status)];
}

/// The state of a view with this status.
[[nodiscard]] constexpr view_state state_of(view_status status) noexcept {
  return static_cast<view_state>(status);
}

/// Whether a state is one of the four statuses.
[[nodiscard]] constexpr bool is_status(view_state state) noexcept {
  return static_cast<std::size_t>(state) < view_status_count;
}

/// The status of a state that is one.
/// Precondition: is_status(state).
[[nodiscard]] constexpr view_status status_of(view_state state) noexcept {
  return static_cast<view_status>(state);
}

/// A state's name for people: a status as it is spelt, else "(unrecognised text)" or "(none)".
[[nodiscard]] constexpr std::string_view name(view_state state) noexcept {
  if (is_status(state)) return spelling(status_of(state));
  return state == view_state::unrecognised ? "(unrecognised text)" : "(none)";
}

/// Reads a status from a document's text. Total: any other text, also one that differs in letter case or by
/// a space, is view_state::unrecognised.
/// No allocation; linear in the shorter of the text and the longest spelling.
[[nodiscard]] constexpr view_state read_state(std::string_view text) noexcept {
  for (view_status status : all_view_statuses) {
    if (text == spelling(status)) return state_of(status);
  }
  return view_state::unrecognised;
}

/// A view's status as a document records it: the text, and where that text puts the view.
/// Borrows the text.
class recorded_status {
 public:
  /// The empty text: unrecognised.
  constexpr recorded_status() noexcept = default;
  /// What a document says; any text is taken.
  explicit constexpr recorded_status(std::string_view text) noexcept
      : text_(text), state_(read_state(text)) {}
  /// One of the four.
  explicit constexpr recorded_status(view_status status) noexcept
      : text_(spelling(status)), state_(state_of(status)) {}

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  [[nodiscard]] constexpr view_state state() const noexcept { return state_; }

  friend constexpr bool operator==(recorded_status a, recorded_status b) noexcept {
    return a.text_ == b.text_;
  }

 private:
  std::string_view text_;
  view_state state_ = view_state::unrecognised;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
