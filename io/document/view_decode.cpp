#include "view_decode.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <utility>

#include "json_handler.hpp"
#include "json_parse.hpp"

namespace agentslock {

/// What the parser of one view's object calls. A machine of four levels: outside, in the view, in one of its two
/// lists, in an item of the list; and a count of the containers of a member that is not ours.
struct view_handler : json_handler {
  enum class level : std::uint8_t { outside, in_view, in_list, in_item };

  struct fault {
    errc code;
    std::string what;
    /// The path below the view to what is wrong: member, item's number, member.
    std::string member;
    std::optional<std::size_t> item;
    std::optional<std::string> item_member;
  };

  /// What outlives the parser.
  struct state {
    view_decoder& decoder;
    view& entry;
    std::string_view status_text;
    std::optional<fault> failed;
  };

  explicit view_handler(state& kept) : state_(kept), decoder_(kept.decoder) {}

  bool on_object_begin(status& s) {
    if (foreign_ > 0) return ++foreign_, true;
    switch (level_) {
      case level::outside:
        level_ = level::in_view;
        decoder_.in_view_.begin(view_schema_members);
        return true;
      case level::in_list:
        level_ = level::in_item;
        decoder_.in_item_.begin(in_history_ ? object_schema(entry_schema_members)
                                            : object_schema(dependency_schema_members));
        new_item();
        return true;
      case level::in_view:
      case level::in_item:
        break;
    }
    return foreign_container("an object", s);
  }

  bool on_array_begin(status& s) {
    if (foreign_ > 0) return ++foreign_, true;
    if (level_ == level::in_view && decoder_.in_view_.current() == depends_on) {
      level_ = level::in_list;
      in_history_ = false;
      decoder_.dependencies_.clear();
      return true;
    }
    if (level_ == level::in_view && decoder_.in_view_.current() == state_history) {
      level_ = level::in_list;
      in_history_ = true;
      decoder_.entries_.clear();
      return true;
    }
    return foreign_container("an array", s);
  }

  bool on_object_end(std::size_t, status&) {
    if (foreign_ > 0) return --foreign_, true;
    level_ = level_ == level::in_item ? level::in_list : level::outside;
    return true;
  }

  bool on_array_end(std::size_t, status&) {
    if (foreign_ > 0) return --foreign_, true;
    if (in_history_) {
      state_.entry.state_history.restore(decoder_.entries_);
    } else {
      state_.entry.depends_on.assign(decoder_.dependencies_.begin(), decoder_.dependencies_.end());
    }
    level_ = level::in_view;
    return true;
  }

  bool on_key_part(text part, std::size_t, status&) {
    if (foreign_ == 0) decoder_.partial_.append(part.data(), part.size());
    return true;
  }
  bool on_key(text last, std::size_t, status& s) {
    if (foreign_ > 0) return true;
    if (decoder_.partial_.empty()) return member_named({last.data(), last.size()}, s);
    decoder_.partial_.append(last.data(), last.size());
    const std::string name = std::exchange(decoder_.partial_, {});
    return member_named(name, s);
  }

  bool on_string_part(text part, std::size_t, status&) {
    if (foreign_ == 0) decoder_.partial_.append(part.data(), part.size());
    return true;
  }
  bool on_string(text last, std::size_t, status& s) {
    std::string_view* into = leaf();
    if (into == nullptr) {
      decoder_.partial_.clear();
      return scalar("a string", s);
    }
    const std::string_view part{last.data(), last.size()};
    if (!decoder_.partial_.empty()) {
      *into = decoder_.restore_.keep(decoder_.partial_.append(part));
      decoder_.partial_.clear();
    } else {
      *into = is_in_text(part) ? part : decoder_.restore_.keep(part);
    }
    return true;
  }

  bool on_int64(std::int64_t, text, status& s) { return scalar("a number", s); }
  bool on_uint64(std::uint64_t, text, status& s) { return scalar("a number", s); }
  bool on_double(double, text, status& s) { return scalar("a number", s); }
  bool on_bool(bool, status& s) { return scalar("a boolean", s); }
  bool on_null(status&) {
    // Empty, wherever it stands: a leaf, a list, an item, or a member that is not ours.
    if (foreign_ == 0 && level_ == level::in_list) new_item();
    return true;
  }

 private:
  [[nodiscard]] bool is_in_text(std::string_view part) const {
    const std::string_view whole = decoder_.text_.whole;
    return std::less_equal<>()(whole.data(), part.data()) &&
           std::less<>()(part.data(), whole.data() + whole.size());
  }

  /// The members of the object that is open at the current level.
  [[nodiscard]] member_tracker& members() const {
    return level_ == level::in_view ? decoder_.in_view_ : decoder_.in_item_;
  }

  void new_item() {
    if (in_history_) {
      decoder_.entries_.emplace_back();
    } else {
      decoder_.dependencies_.emplace_back();
    }
  }

  /// Where the text of the member that was named last goes; null when it takes no text.
  [[nodiscard]] std::string_view* leaf() {
    if (level_ == level::in_item) {
      const std::size_t member = decoder_.in_item_.current();
      if (member == member_tracker::not_ours) return nullptr;
      return in_history_ ? &(decoder_.entries_.back().*entry_texts[member])
                         : &(decoder_.dependencies_.back().*dependency_texts[member]);
    }
    if (level_ != level::in_view) return nullptr;
    switch (decoder_.in_view_.current()) {
      case view_digest:
        return &state_.entry.view_digest;
      case view_status_text:
        return &state_.status_text;
      case last_rebuilt_at:
        return &state_.entry.last_rebuilt_at;
      case last_validation_at:
        return &state_.entry.last_validation_at;
      default:
        return nullptr;
    }
  }

  bool member_named(std::string_view name, status& s) {
    return members().meet_next(name) || any_member_named(name, s);
  }

  [[gnu::noinline]] bool any_member_named(std::string_view name, status& s) {
    auto wrong = members().meet(name, is_in_text(name));
    return !wrong || fail(wrong->code, name, std::move(wrong->what), s);
  }

  /// A container in place of something: fine in a member that is not ours.
  bool foreign_container(std::string_view type, status& s) {
    if (takes_anything()) return ++foreign_, true;
    return wrong_type(type, s);
  }

  bool scalar(std::string_view type, status& s) {
    if (takes_anything()) return true;
    return wrong_type(type, s);
  }

  /// Also within a container that is not ours: the member that it stands in stays the one that was named last.
  [[nodiscard]] bool takes_anything() const {
    return (level_ == level::in_view || level_ == level::in_item) && !members().is_ours();
  }

  bool wrong_type(std::string_view type, status& s) {
    const auto what = [&](std::string_view wanted) {
      return " must be " + std::string(wanted) + " and is " + std::string(type);
    };
    switch (level_) {
      case level::in_list:
        new_item();  // it counts, so that its number is right
        return fail(errc::wrong_type, std::nullopt, what("an object"), s);
      case level::in_item:
        return fail(errc::wrong_type, decoder_.in_item_.current_name(), what("a string"), s);
      case level::in_view:
      case level::outside:
        break;
    }
    const std::size_t member = decoder_.in_view_.current();
    const bool is_list = member == depends_on || member == state_history;
    return fail(errc::wrong_type, decoder_.in_view_.current_name(), what(is_list ? "an array" : "a string"),
                s);
  }

  /// Ends the parse. `name` is the member's at the current level; in a list there is none.
  bool fail(errc code, std::optional<std::string_view> name, std::string what, status& s) {
    fault f{code, std::move(what), {}, std::nullopt, std::nullopt};
    if (level_ == level::in_view) {
      f.member = *name;
    } else {
      f.member = view_schema_members[in_history_ ? state_history : depends_on].name;
      f.item = (in_history_ ? decoder_.entries_.size() : decoder_.dependencies_.size()) - 1;
      f.item_member = name;
    }
    state_.failed = std::move(f);
    s = boost::json::error::syntax;
    return false;
  }

  state& state_;
  view_decoder& decoder_;
  level level_ = level::outside;
  bool in_history_ = false;
  /// How many containers of a member that is not ours are open.
  std::size_t foreign_ = 0;
};

namespace {

/// Where what a fault is about begins: a value of the wrong type, or a name. The parser stopped at the first fault,
/// so of members of one name it is the first; of a repeated name the second.
std::size_t locate(const arriving_text& text, std::size_t at, const view_handler::fault& fault) {
  const json_walker walk(text);
  const auto find_in_object = [&](std::size_t object_at, const std::string& name, bool is_last) {
    const std::size_t wanted = is_last && fault.code == errc::repeated_name ? 2 : 1;
    const bool wants_name = is_last && fault.code != errc::wrong_type;
    std::size_t seen = 0;
    std::size_t found = object_at;
    // A fault later in the text does not matter: what is looked for stands before it.
    (void)walk.object(object_at, 0, [&](const json_string& member, std::size_t value_at) {
      if (member.text == name && ++seen == wanted) found = wants_name ? member.span.begin : value_at;
      return walk.skip(value_at, 0);
    });
    return found;
  };
  if (!fault.item) return find_in_object(at, fault.member, true);
  const std::size_t list_at = find_in_object(at, fault.member, false);
  std::size_t item_at = list_at;
  (void)walk.array(list_at, 0, [&](std::size_t number, std::size_t value_at) {
    if (number == *fault.item) item_at = value_at;
    return walk.skip(value_at, 0);
  });
  if (!fault.item_member) return item_at;
  return find_in_object(item_at, *fault.item_member, true);
}

std::string pointer_below_view(const view_handler::fault& fault) {
  std::string pointer = "/" + pointer_token(fault.member);
  if (fault.item) pointer += "/" + std::to_string(*fault.item);
  if (fault.item_member) pointer += "/" + pointer_token(*fault.item_member);
  return pointer;
}

}  // namespace

json_result<std::size_t> view_decoder::decode(std::size_t at, std::size_t depth, view& into) {
  partial_.clear();
  view_handler::state state{*this, into, {}, std::nullopt};
  const auto end = parse_value<view_handler>(text_, at, depth, state);
  if (state.failed) {
    return json_fault{state.failed->code, locate(text_, at, *state.failed),
                      pointer_below_view(*state.failed) + state.failed->what};
  }
  into.status = recorded_status(state.status_text);
  return end;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
