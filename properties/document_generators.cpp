// Documents, changes of them, near misses.

#include <algorithm>
#include <random>
#include <utility>

#include "choices.hpp"
#include "generators.hpp"
#include "json_generators.hpp"
#include "reference/plain_document.hpp"
#include "spelling.hpp"

namespace agentslock::properties {
namespace {

using laws::json_node;
using strings = std::vector<std::string>;

std::vector<std::pair<std::string, std::string>> some_sections() {
  std::vector<std::pair<std::string, std::string>> sections;
  for (std::size_t i = below(4); i > 0; --i) {
    std::string name =
        rarely(4) ? *any_text() : one_of(strings{"config", "units", "Zeta", "a", "adapters2", "lock_versio"});
    const auto has = [&](const auto& one) { return one.first == name; };
    if (name == "adapters" || name == "lock_version" || std::ranges::any_of(sections, has)) continue;
    sections.emplace_back(name, name == "inputs_digest" ? R"("sha256:i")" : some_json(3));
  }
  if (rarely(4)) sections.emplace_back("inputs_digest", rarely(3) ? "7" : R"("sha256:i")");
  return sections;
}

spelled_document some_document(bool by_go) {
  spelled_document document;
  document.adapters = *any_lockfile();
  document.sections = some_sections();
  document.has_adapters = !rarely(8);
  document.has_version = !rarely(4);
  if (by_go) {
    for (auto& [name, json] : document.sections)
      json = laws::go_text(*laws::read_json(json));
    return document;
  }
  document.laid_out = static_cast<layout>(below(9));
  if (rarely(2)) document.spelling = static_cast<std::uint32_t>(below(1U << 16U));
  return document;
}

/// The document that a description is of: what an insertion into it would break.
std::string near_text(const spelled_document& document, std::string_view before, std::string_view inserted) {
  std::string text = document.text();
  text.insert(text.find(before), inserted);
  return text;
}

spelled_document with_one_view() {
  spelled_document document;
  auto& owner = document.adapters.adapters["comp"];
  owner = {"s", "d0", "2026-07-01T12:00:00Z", {}};
  owner.views["v"] = {"v0",
                      "ready",
                      {{"crg", "d0", "1"}},
                      "2026-07-01T12:00:00Z",
                      "",
                      {{"2026-07-01T12:00:00Z", "", "ready", "registered"}}};
  document.sections = {{"config", R"({"k":[1.0]})"}};
  document.laid_out = static_cast<layout>(below(8));
  return document;
}

near_miss some_near_miss() {
  const spelled_document document = with_one_view();
  const std::string text = document.text();
  struct slip {
    const char* what;
    std::string_view before;
    std::string_view inserted;
    errc expected;
  };
  static const std::vector<slip> slips{
      {"a repeated adapter", "\"comp\"", R"("c\u006fmp":{},)", errc::repeated_name},
      {"a repeated view", "\"v\"", R"("v":{},)", errc::repeated_name},
      {"a repeated member of an adapter", "\"source_digest\"", R"("source_digest":"",)", errc::repeated_name},
      {"a repeated member of a view", "\"view_status\"", R"("view_status":"ready",)", errc::repeated_name},
      {"a repeated member of a dependency", "\"version\"", R"("version":"",)", errc::repeated_name},
      {"a repeated member of an audit entry", "\"trigger\"", R"("trigger":"",)", errc::repeated_name},
      {"a repeated member that is not ours", "\"view_status\"", R"("x":1,"\u0078":2,)", errc::repeated_name},
      {"a repeated section", "\"lock_version\"", R"("adapters":{},)", errc::repeated_name},
      {"a member in another case", "\"view_status\"", R"("View_Status":"",)", errc::name_differs_in_case},
      {"a member with a long s", "\"source_digest\"", "\"\xC5\xBFource_digest\":\"\",",
       errc::name_differs_in_case},
      {"a member of an audit entry in another case", "\"trigger\"", R"("To":"",)",
       errc::name_differs_in_case},
      {"an adapter that is null", "\"comp\"", R"("a":null,)", errc::wrong_type},
      {"an adapter that is an array", "\"comp\"", R"("a":[],)", errc::wrong_type},
      {"a view that is a string", "\"v\"", R"("a":"ready",)", errc::wrong_type},
      {"a leaf that is a number", "\"v\"", R"("a":{"view_digest":1},)", errc::wrong_type},
      {"a list that is an object", "\"v\"", R"("a":{"depends_on":{}},)", errc::wrong_type},
      {"an item that is a list", "\"v\"", R"("a":{"state_history":[[]]},)", errc::wrong_type},
      {"a leaf of an item that is a list", "\"v\"", R"("a":{"state_history":[{"at":[]}]},)",
       errc::wrong_type},
      {"a lone surrogate", "\"comp\"", R"("\ud800":{},)", errc::not_json},
      {"bytes that are no UTF-8", "\"comp\"", "\"\xC0\xAF\":{},", errc::not_json},
      {"an overlong form in a section", "\"adapters\"", "\"x\":\"\xE0\x80\xAF\",", errc::not_json},
      {"a trailing comma", "}", ",", errc::not_json},
      {"a comment", "\"adapters\"", "/* */", errc::not_json},
      {"an exponent beyond the limit", "\"adapters\"", "\"x\":1e99999999999,", errc::number_out_of_range},
  };
  const slip& chosen = slips[below(slips.size())];
  const std::size_t whole = below(40);
  if (whole == 1) return {"a byte order mark", "\xEF\xBB\xBF" + text, errc::not_json};
  if (whole == 2) return {"something after the document", text + "x", errc::not_json};
  if (whole == 3) return {"an empty file", "", errc::not_json};
  if (whole == 4) return {"white space only", " \n", errc::not_json};
  if (whole == 5) return {"an array", "[" + text + "]", errc::not_an_object};
  if (whole == 6) return {"git's marks", "{\n<<<<<<< ours\n" + text.substr(1), errc::conflict_marks};
  if (whole == 7)
    return {"too deep", "{\"x\":" + std::string(2000, '[') + std::string(2000, ']') + "}", errc::too_deep};
  return {chosen.what, near_text(document, chosen.before, chosen.inserted), chosen.expected};
}

}  // namespace

std::string spelled_document::text() const {
  std::vector<laws::json_member> members;
  if (has_adapters) members.push_back(laws::member_node("adapters", reference::section_of(adapters)));
  for (const auto& [name, json] : sections)
    members.push_back(laws::member_node(name, *laws::read_json(json)));
  if (has_version) members.push_back(laws::member_node("lock_version", *laws::read_json("1")));
  std::ranges::sort(members, {}, &laws::json_member::name);
  json_node document = laws::object_node(std::move(members));
  if (spelling != 0) respell(document, spelling);
  return printed(document, laid_out, spelling);
}

namespace {

/// The same document, said or spelt more plainly in one way, each in turn.
std::vector<spelled_document> plainer(const spelled_document& document) {
  std::vector<spelled_document> all;
  const auto with = [&](auto change) {
    all.push_back(document);
    change(all.back());
  };
  for (auto& file : simpler(document.adapters))
    with([&](spelled_document& other) { other.adapters = file; });
  for (std::size_t i = 0; i < document.sections.size(); ++i)
    with([&](spelled_document& other) {
      other.sections.erase(other.sections.begin() + static_cast<std::ptrdiff_t>(i));
    });
  if (document.laid_out != layout::go) with([](spelled_document& other) { other.laid_out = layout::go; });
  if (document.spelling != 0) with([](spelled_document& other) { other.spelling = 0; });
  return all;
}

rc::Gen<spelled_document> documents(bool by_go) {
  return rc::gen::shrink(rc::gen::exec([by_go] { return some_document(by_go); }),
                         [](const spelled_document& one) { return rc::seq::fromContainer(plainer(one)); });
}

}  // namespace

rc::Gen<spelled_document> any_document() {
  return documents(false);
}
rc::Gen<spelled_document> go_document() {
  return documents(true);
}

rc::Gen<laws::document_change> change_of(spelled_document document) {
  return rc::gen::exec([document = std::move(document)] {
    laws::document_change change;
    const bool has = document.has_adapters;
    if (!rarely(4)) change.operations = *script_on(has ? document.adapters : reference::plain_lockfile(), 6);
    change.states_adapters = rarely(4);
    if (rarely(3)) {
      for (auto& [name, json] : some_sections()) {
        if (name != "inputs_digest") change.sections.emplace(name, json);
      }
    }
    if (rarely(6)) change.inputs_digest = one_of(strings{"sha256:j", "", "<\n>"});
    return change;
  });
}

rc::Gen<near_miss> any_near_miss() {
  return rc::gen::exec(some_near_miss);
}

rc::Gen<laws::container_change> any_container_change() {
  return rc::gen::exec([] {
    const bool object = below(2) == 0;
    std::vector<laws::json_member> members;
    std::vector<json_node> items;
    const std::size_t count = below(5);
    for (std::size_t i = 0; i < count; ++i) {
      json_node value = *laws::read_json(some_json(1));
      members.push_back(laws::member_node("k" + std::to_string(i), value));
      items.push_back(std::move(value));
    }
    json_node container = object ? laws::object_node(members) : laws::array_node(items);
    json_node document = laws::object_node({laws::member_node("before", *laws::read_json("1.0")),
                                            laws::member_node("here", std::move(container)),
                                            laws::member_node("z", *laws::read_json("[]"))});
    laws::container_change change;
    const auto spelling = static_cast<std::uint32_t>(below(1000));
    change.document = printed(document, static_cast<layout>(below(9)), spelling);
    change.container_at = laws::read_json(change.document)->find("here")->begin;
    std::size_t made = 0;
    for (std::size_t i = 0; i <= count; ++i) {
      for (std::size_t n = below(3); n > 0; --n) {
        const std::string name = object ? "\"n" + std::to_string(made++) + "\":" : "";
        change.plan.push_back(planned_item::make(name + some_number()));
      }
      if (i < count && !rarely(3)) change.plan.push_back(planned_item::keep(i));
    }
    return change;
  });
}

rc::Gen<laws::store_case> any_store_case() {
  return rc::gen::exec([] {
    const spelled_document document = *any_document();
    return laws::store_case{document.text(), *change_of(document), *change_of(document)};
  });
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
