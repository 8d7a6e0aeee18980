#include <deque>
#include <functional>
#include <utility>

#include "adapters_schema.hpp"
#include "agentslock/io/detail/adapters_codec.hpp"
#include "json_handler.hpp"
#include "json_parse.hpp"
#include "name_index.hpp"
#include "view_decode.hpp"

namespace agentslock {
namespace {

std::string_view type_name(char first) noexcept {
  switch (first) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

/// The members of one adapter that are not ours.
class unknown_members {
 public:
  /// Whether it is the first of its name.
  bool add(const json_string& name) {
    return names_.add(name.in_text ? name.text : unescaped_.emplace_back(name.text));
  }

 private:
  name_index names_;
  std::deque<std::string> unescaped_;
};

/// Walks the section down to the views.
class section_decoder {
 public:
  explicit section_decoder(const text_buffer& text)
      : text_(text.view()), walk_(text_), restore_(text.owner()), views_(text_, restore_) {}

  json_result<decoded_adapters> decode(std::size_t name_at, std::size_t at) {
    decoded_adapters section;
    index_.name_at = name_at;
    const auto pointer = [] { return std::string("/adapters"); };
    const auto end = optional_object(at, 1, pointer, [&](const json_string& name, std::size_t value_at) {
      return adapter_entry(name, value_at);
    });
    if (!end) return end.error();
    if (text_[at] == '{') index_.value = {at, *end};
    section.file = std::move(restore_).finish();
    section.index = std::move(index_);
    section.end = *end;
    return section;
  }

 private:
  /// A place as a JSON pointer: spelt out only when something is wrong there.
  using pointer_text = function_ref<std::string()>;

  /// An object, or null, which is an empty one.
  json_result<std::size_t> optional_object(std::size_t at, std::size_t depth, pointer_text pointer,
                                           json_walker::member_visitor visit) {
    if (walk_.peek(at) == '{') return walk_.object(at, depth, visit);
    if (walk_.peek(at) == 'n') return walk_.skip(at, depth);
    return wrong_type(at, depth, pointer, "an object");
  }

  json_result<std::size_t> wrong_type(std::size_t at, std::size_t depth, pointer_text pointer,
                                      std::string_view wanted) {
    if (const auto end = walk_.skip(at, depth); !end) return end.error();  // what is no JSON is that first
    return json_fault{
        errc::wrong_type, at,
        pointer() + " must be " + std::string(wanted) + " and is " + std::string(type_name(text_[at]))};
  }

  static json_fault repeated(const json_string& name, const std::string& pointer) {
    return {errc::repeated_name, name.span.begin, pointer + " stands twice"};
  }

  /// A name for the index: it must outlive the lockfile's own copy.
  std::string_view index_name(const json_string& name) {
    return name.in_text ? name.text : index_.escaped_names.emplace_back(name.text);
  }
  std::string_view kept(const json_string& text) {
    return text.in_text ? text.text : restore_.keep(text.text);
  }

  json_result<std::size_t> adapter_entry(const json_string& name, std::size_t at) {
    const auto pointer = [&] { return "/adapters/" + pointer_token(name.text); };
    adapters_index::adapter_place place{
        index_name(name), {name.span.begin, 0}, at, 0, {}, index_.views.size(), 0};
    adapter* entry = restore_.add_adapter(kept(name));
    if (entry == nullptr) return repeated(name, pointer());
    if (walk_.peek(at) != '{') return wrong_type(at, 2, pointer, "an object");

    unsigned seen = 0;
    unknown_members unknown;
    const auto end = walk_.object(at, 2, [&](const json_string& member, std::size_t value_at) {
      return adapter_member_value(member, value_at, pointer, *entry, place, seen, unknown);
    });
    if (!end) return end.error();
    place.whole.end = *end;
    place.view_count = index_.views.size() - place.first_view;
    index_.adapters.push_back(place);
    return *end;
  }

  json_result<std::size_t> adapter_member_value(const json_string& member, std::size_t at,
                                                pointer_text pointer, adapter& entry,
                                                adapters_index::adapter_place& place, unsigned& seen,
                                                unknown_members& unknown) {
    const auto here = [&] { return pointer() + "/" + pointer_token(member.text); };
    const auto number = find_member(adapter_schema_members, member.text);
    if (!number) {
      if (const auto ours = near_member(adapter_schema_members, member.text)) {
        return json_fault{errc::name_differs_in_case, member.span.begin, near_name_text(here(), *ours)};
      }
      if (!unknown.add(member)) return repeated(member, here());
      return walk_.skip(at, 3);
    }
    if ((seen >> *number & 1U) != 0) return repeated(member, here());
    seen |= 1U << *number;
    switch (*number) {
      case source_digest:
        return leaf(at, here, entry.source_digest);
      case schema_digest:
        return leaf(at, here, entry.schema_digest);
      case activated_at:
        return leaf(at, here, entry.activated_at);
      default:
        break;
    }
    const auto end = optional_object(at, 3, here, [&](const json_string& name, std::size_t view_at) {
      return view_entry(name, view_at, here, entry);
    });
    if (end && text_[at] == '{') {
      place.views_name_at = member.span.begin;
      place.views_value = {at, *end};
    }
    return end;
  }

  json_result<std::size_t> leaf(std::size_t at, pointer_text pointer, std::string_view& into) {
    if (walk_.peek(at) == 'n') return walk_.skip(at, 3);
    if (walk_.peek(at) != '"') return wrong_type(at, 3, pointer, "a string");
    const auto text = walk_.string(at, scratch_);
    if (!text) return text.error();
    into = kept(*text);
    return text->span.end;
  }

  json_result<std::size_t> view_entry(const json_string& name, std::size_t at, pointer_text pointer,
                                      adapter& owner) {
    view* entry = restore_.add_view(owner, kept(name));
    const auto here = [&] { return pointer() + "/" + pointer_token(name.text); };
    if (entry == nullptr) return repeated(name, here());
    if (walk_.peek(at) != '{') return wrong_type(at, 4, here, "an object");
    const auto end = views_.decode(at, 4, *entry);
    if (!end) {
      json_fault fault = end.error();
      if (fault.code == errc::wrong_type || fault.code == errc::repeated_name ||
          fault.code == errc::name_differs_in_case) {
        fault.what.insert(0, here());
      }
      return fault;
    }
    index_.views.push_back({index_name(name), {name.span.begin, *end}, at});
    return *end;
  }

  std::string_view text_;
  json_walker walk_;
  lockfile_restorer restore_;
  view_decoder views_;
  adapters_index index_;
  std::string scratch_;
};

}  // namespace

json_result<decoded_adapters> decode_adapters(const text_buffer& text, std::size_t name_at,
                                              std::size_t value_at) {
  return section_decoder(text).decode(name_at, value_at);
}

std::string pointer_token(std::string_view name) {
  std::string token;
  for (char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

std::optional<std::string_view> near_member(object_schema schema, std::string_view name) {
  for (const schema_member& member : schema) {
    if (differs_in_case_only(name, member.name)) return member.name;
  }
  return std::nullopt;
}

std::string near_name_text(const std::string& pointer, std::string_view ours) {
  return pointer + " differs from \"" + std::string(ours) +
         "\" only in letter case: other programs would take it for that";
}

}  // namespace agentslock
