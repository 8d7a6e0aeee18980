// The sections of others.
#include <memory>
#include <utility>
#include <vector>

#include "document.hpp"

using namespace agentslock;
using namespace agentslock::c;

struct agentslock_sections {
  std::vector<std::pair<std::string, std::string>> all;
  std::optional<std::string> inputs_digest;
};
struct agentslock_changes {
  staged_changes staged;
};

extern "C" {

agentslock_code agentslock_sections_read(const agentslock_document* document, agentslock_sections** sections,
                                         agentslock_error** why) {
  return made(sections, why, [&]() -> result<std::unique_ptr<agentslock_sections>> {
    const auto read = given(document).store().read();
    if (!read) return read.error();
    auto told = std::make_unique<agentslock_sections>();
    for (const std::string_view name : read->document.section_names())
      told->all.emplace_back(name, read->document.section(name).value_or(""));
    told->inputs_digest = read->document.inputs_digest();
    return told;
  });
}
void agentslock_sections_free(agentslock_sections* sections) {
  delete sections;
}

size_t agentslock_sections_count(const agentslock_sections* sections) {
  return looked_at(sections, [](const agentslock_sections& of) { return of.all.size(); });
}
agentslock_text agentslock_sections_name(const agentslock_sections* sections, size_t index) {
  if (sections == nullptr || index >= sections->all.size()) return nothing;
  return text_out(sections->all[index].first);
}
agentslock_text agentslock_sections_value(const agentslock_sections* sections, agentslock_text name) {
  agentslock_text value = nothing;
  guarded(nullptr, [&]() -> result<> {
    const std::string_view wanted = text_in(name);
    for (const auto& [section, json] : given(sections).all) {
      if (section == wanted) value = text_out(json);
    }
    return {};
  });
  return value;
}
agentslock_text agentslock_sections_inputs_digest(const agentslock_sections* sections) {
  if (sections == nullptr || !sections->inputs_digest) return nothing;
  return text_out(*sections->inputs_digest);
}

agentslock_code agentslock_changes_new(agentslock_changes** changes, agentslock_error** why) {
  return made(changes, why, []() -> result<std::unique_ptr<agentslock_changes>> {
    return std::make_unique<agentslock_changes>();
  });
}
void agentslock_changes_free(agentslock_changes* changes) {
  delete changes;
}

agentslock_code agentslock_changes_set_section(agentslock_changes* changes, agentslock_text name,
                                               agentslock_text json, agentslock_error** why) {
  return guarded(why, [&] { return given(changes).staged.set_section(text_in(name), text_in(json)); });
}
agentslock_code agentslock_changes_set_inputs_digest(agentslock_changes* changes, agentslock_text digest,
                                                     agentslock_error** why) {
  return guarded(why, [&] { return given(changes).staged.set_inputs_digest(text_in(digest)); });
}

agentslock_code agentslock_flush(const agentslock_document* document, const agentslock_changes* changes,
                                 agentslock_error** why) {
  return guarded(why, [&] {
    const staged_changes& staged = given(changes).staged;
    return given(document).store().flush(staged);
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
