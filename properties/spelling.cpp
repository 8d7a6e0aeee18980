#include "spelling.hpp"

#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

namespace agentslock::properties {
namespace {

using laws::json_member;
using laws::json_node;

/// Not a distribution of the standard library: every library has its own.
class choices {
 public:
  explicit choices(std::uint32_t seed) : random_(seed) {}
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_() % bound);
  }
  [[nodiscard]] bool rarely(std::uint32_t one_in) { return below(one_in) == 0; }

 private:
  std::mt19937 random_;
};

class respeller {
 public:
  explicit respeller(std::uint32_t seed) : choose_(seed) {}

  void document(json_node& node) {
    shuffle(node.members);
    json_node* adapters = node.find("adapters");
    if (adapters == nullptr) return;
    shuffle(adapters->members);
    for (json_member& adapter : adapters->members) {
      entry(adapter.value);
      json_node* views = adapter.value.find("materialized_views");
      if (views == nullptr) continue;
      shuffle(views->members);
      for (json_member& view : views->members)
        view_entry(view.value);
    }
  }

 private:
  void view_entry(json_node& view) {
    entry(view);
    for (const char* list : {"depends_on", "state_history"}) {
      json_node* items = view.find(list);
      if (items == nullptr) continue;
      for (json_node& item : items->items) {
        entry(item);
        if (std::ranges::all_of(item.members, is_nothing) && choose_.rarely(2))
          item = *laws::read_json("null");
      }
    }
  }

  /// One object of ours.
  void entry(json_node& object) {
    std::erase_if(object.members,
                  [&](const json_member& one) { return is_empty(one.value) && choose_.rarely(2); });
    for (json_member& one : object.members) {
      if (is_empty(one.value) && choose_.rarely(2)) one.value = *laws::read_json("null");
      escape(one.name_spelling);
      if (one.value.what == json_node::kind::string) escape(one.value.spelling);
    }
    if (choose_.rarely(4) && object.find("materialized_views") == nullptr &&
        object.find("source_digest") != nullptr)
      object.members.push_back(
          laws::member_node("materialized_views", *laws::read_json(choose_.rarely(2) ? "null" : "{}")));
    for (std::uint32_t i = choose_.below(3); i > 0; --i)
      object.members.push_back(laws::member_node("x" + std::to_string(unknown_++), unknown_value()));
    shuffle(object.members);
  }

  static bool is_nothing(const json_member& member) {
    return is_empty(member.value) && !member.name().starts_with('x');
  }

  static bool is_empty(const json_node& value) {
    return value.spelling == "\"\"" || value.is_null() ||
           (value.what != json_node::kind::string && value.what != json_node::kind::other &&
            value.members.empty() && value.items.empty());
  }

  /// Spells one plain letter as an escape.
  void escape(std::string& spelling) {
    if (spelling.size() < 3 || !choose_.rarely(4)) return;
    const std::size_t at = 1 + choose_.below(static_cast<std::uint32_t>(spelling.size() - 2));
    const char letter = spelling[at];
    if (spelling.find('\\') != std::string::npos || letter < 'a' || letter > 'z') return;
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(letter);
    spelling.replace(at, 1, std::string("\\u00") + digits[code >> 4U] + digits[code & 15U]);
  }

  json_node unknown_value() {
    static constexpr std::string_view values[] = {"1.0",
                                                  "1e5",
                                                  "-0",
                                                  "123456789012345678901234567890",
                                                  "null",
                                                  R"("\u0061\/<&")",
                                                  "[ ]",
                                                  "{ }",
                                                  R"([1,{"x": [ ]} ])",
                                                  R"({"view_status":7,"x":1,"x":2})"};
    return *laws::read_json(values[choose_.below(static_cast<std::uint32_t>(std::size(values)))]);
  }

  template <class Items>
  void shuffle(Items& items) {
    if (!choose_.rarely(2)) return;
    for (std::size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[choose_.below(static_cast<std::uint32_t>(i))]);
  }

  choices choose_;
  int unknown_ = 0;
};

/// How one layout prints.
struct manner {
  std::string newline = "\n";
  std::string unit = "  ";
  std::string colon = ": ";
  std::string gap;
  std::string padding;
};

manner manner_of(layout laid_out) {
  switch (laid_out) {
    case layout::four_spaces:
      return {"\n", "    ", ": ", "", ""};
    case layout::tabs:
      return {"\n", "\t", ": ", "", ""};
    case layout::crlf:
      return {"\r\n", "  ", ": ", "", ""};
    case layout::one_line:
      return {"", "", ": ", " ", ""};
    case layout::tight:
      return {"", "", ":", "", ""};
    case layout::padded:
      return {"", "", " : ", "  ", " "};
    case layout::no_indent:
      return {"\n", "", ": ", "", ""};
    case layout::go:
    case layout::scattered:
      break;
  }
  return {};
}

class printer {
 public:
  printer(layout laid_out, std::uint32_t seed)
      : how_(manner_of(laid_out)), scattered_(laid_out == layout::scattered), choose_(seed) {}

  std::string document(const json_node& node) {
    space();
    value(node, "");
    return out_ + (how_.newline.empty() ? "\n" : how_.newline);
  }

 private:
  // Recursive: as deep as what a generator makes
  void value(const json_node& node, const std::string& indent) {
    const bool object = node.what == json_node::kind::object;
    if (!object && node.what != json_node::kind::array) {
      out_ += node.spelling;
      return;
    }
    const std::size_t count = object ? node.members.size() : node.items.size();
    out_ += object ? '{' : '[';
    const std::string inner = indent + how_.unit;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      before_item(i == 0, inner);
      if (object) {
        out_ += node.members[i].name_spelling;
        space();
        out_ += scattered_ ? ":" : how_.colon;
        space();
      }
      value(object ? node.members[i].value : node.items[i], inner);
      space();
    }
    if (count > 0 && !scattered_) out_ += how_.newline.empty() ? how_.padding : how_.newline + indent;
    out_ += object ? '}' : ']';
  }

  void before_item(bool first, const std::string& indent) {
    if (scattered_) {
      space();
    } else if (how_.newline.empty()) {
      out_ += first ? how_.padding : how_.gap;
    } else {
      out_ += how_.newline + indent;
    }
  }

  void space() {
    static constexpr std::string_view spaces[] = {"",     "",   "",         " ",       "\n",
                                                  "\n  ", "\t", "\r\n    ", "  \n\n ", "\n\t\t"};
    if (scattered_) out_ += spaces[choose_.below(static_cast<std::uint32_t>(std::size(spaces)))];
  }

  manner how_;
  bool scattered_;
  choices choose_;
  std::string out_;
};

}  // namespace

void respell(json_node& document, std::uint32_t seed) {
  respeller(seed).document(document);
}

std::string printed(const json_node& document, layout laid_out, std::uint32_t seed) {
  return printer(laid_out, seed).document(document);
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
