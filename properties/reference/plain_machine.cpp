// The operations in plain ifs over strings.
#include <algorithm>
#include <ctime>

#include "plain_operation.hpp"

namespace agentslock::reference {
namespace {

/// UTF-8 by decoding each character and asking whether it was spelt as short as it can be.
bool is_unicode(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) {
      return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
    };
    std::size_t more = 0;
    unsigned long code = byte(i);
    unsigned long least = 0;
    if (code >= 0xF0) {
      more = 3, code &= 0x07, least = 0x10000;
      if (byte(i) > 0xF7) return false;
    } else if (code >= 0xE0) {
      more = 2, code &= 0x0F, least = 0x800;
    } else if (code >= 0xC0) {
      more = 1, code &= 0x1F, least = 0x80;
    } else if (code >= 0x80) {
      return false;
    }
    for (std::size_t k = 1; k <= more; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80U) return false;
      code = code << 6U | (byte(i + k) & 0x3FU);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    i += more + 1;
  }
  return true;
}

}  // namespace

plain_operation::plain_operation(plain_lockfile& file, timestamp now) : file_(file) {
  const std::time_t seconds = now.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  time_is_good_ = parts.tm_year >= -1900 && parts.tm_year <= 9999 - 1900;
  char text[64] = "";
  if (time_is_good_) {
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  }
  now_ = text;
}

void plain_operation::operator()(const operations::activate& one) {
  name(one.adapter), text(one.source_digest), text(one.schema_digest), time();
  if (result.refused) return;
  set_adapter(one.adapter, one.source_digest, one.schema_digest);
}

void plain_operation::operator()(const operations::register_view& one) {
  name(one.key.adapter), name(one.key.view), digest(one.view_digest), dependencies(one.depends_on), time();
  if (result.refused) return;
  if (file_.find(one.key) != nullptr) return refuse(refusal_code::already_registered);
  plain_view made;
  made.view_digest = one.view_digest;
  made.depends_on = one.depends_on;
  made.last_rebuilt_at = now_;
  move(made, "ready", "registered");
  file_.adapters[one.key.adapter].views[one.key.view] = made;
}

void plain_operation::operator()(const operations::mark_dependee_bumped& one) {
  name(one.dependee), text(one.schema_digest), text(one.version), time();
  if (result.refused) return;
  for (auto& [adapter_name, owner] : file_.adapters) {
    for (auto& [view_name, entry] : owner.views) {
      if (entry.view_status != "ready" || !entry.reads_from(one.dependee)) continue;
      if (!one.schema_digest.empty() && records(entry, one.dependee, one.schema_digest)) continue;
      move(entry, "pending-recompat-check", bumped(one.dependee, one.version));
      result.bumped.emplace_back(adapter_name, view_name);
    }
  }
}

void plain_operation::operator()(const operations::resolve_recompat& one) {
  name(one.key.adapter), name(one.key.view), dependencies(one.new_dependencies), time();
  if (result.refused) return;
  plain_view* entry = file_.find(one.key);
  if (entry == nullptr) return refuse(refusal_code::unknown_view);
  const bool passed = one.judged == verdict::passed;
  if (entry->view_status != "pending-recompat-check" && entry->view_status != "dsl-update-required")
    return refuse(refusal_code::no_such_transition);
  if (passed && !one.new_dependencies.empty()) entry->depends_on = one.new_dependencies;
  entry->last_validation_at = now_;
  if (passed) {
    move(*entry, "pending-rebuild", "recompat-pass");
  } else if (entry->view_status == "pending-recompat-check") {
    move(*entry, "dsl-update-required", "recompat-fail");
  }
}

void plain_operation::operator()(const operations::revalidate& one) {
  name(one.key.adapter), name(one.key.view), dependencies(one.new_dependencies), time();
  if (result.refused) return;
  plain_view* entry = file_.find(one.key);
  if (entry == nullptr) return refuse(refusal_code::unknown_view);
  const bool passed = one.judged == verdict::passed;
  const bool builds = entry->view_status == "pending-rebuild";
  const bool checks = entry->view_status == "pending-recompat-check";
  if (!builds && !checks && entry->view_status != "dsl-update-required")
    return refuse(refusal_code::no_such_transition);
  if (passed) {
    for (const auto& item : one.new_dependencies) {
      const auto active = file_.adapters.find(item.adapter);
      if (active != file_.adapters.end() && active->second.schema_digest != item.schema_digest)
        return refuse(refusal_code::built_against_another_schema);
    }
    if (!one.new_dependencies.empty()) entry->depends_on = one.new_dependencies;
    for (auto& item : entry->depends_on) {
      const auto active = file_.adapters.find(item.adapter);
      if (active == file_.adapters.end() || active->second.schema_digest == item.schema_digest) continue;
      item.schema_digest = active->second.schema_digest;
      item.version = "";
    }
  }
  entry->last_validation_at = now_;
  if (passed && !builds) move(*entry, "pending-rebuild", "recompat-pass");
  if (!passed && checks) move(*entry, "dsl-update-required", "recompat-fail");
}

void plain_operation::operator()(const operations::mark_view_rebuilt& one) {
  name(one.key.adapter), name(one.key.view), digest(one.view_digest), time();
  if (result.refused) return;
  plain_view* entry = file_.find(one.key);
  if (entry == nullptr) return refuse(refusal_code::unknown_view);
  if (entry->view_status != "pending-rebuild") return refuse(refusal_code::no_such_transition);
  for (const auto& recorded : entry->depends_on) {
    if (!one.schemas_read || !file_.adapters.contains(recorded.adapter)) continue;
    for (const auto& read : *one.schemas_read) {
      if (read.adapter == recorded.adapter && read.schema_digest != recorded.schema_digest)
        return refuse(refusal_code::built_against_another_schema);
    }
  }
  entry->view_digest = one.view_digest;
  entry->last_rebuilt_at = now_;
  move(*entry, "ready", "rebuilt");
}

void plain_operation::operator()(const operations::remove_view& one) {
  if (file_.find(one.key) == nullptr) return refuse(refusal_code::unknown_view);
  file_.adapters[one.key.adapter].views.erase(one.key.view);
}

void plain_operation::operator()(const operations::remove_adapter& one) {
  if (!file_.adapters.contains(one.adapter)) return refuse(refusal_code::unknown_adapter);
  for (const auto& [adapter_name, owner] : file_.adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      if (adapter_name != one.adapter && entry.view_status == "ready" && entry.reads_from(one.adapter))
        return refuse(refusal_code::needed_by_ready_views);
    }
  }
  file_.adapters.erase(one.adapter);
}

void plain_operation::refuse(refusal_code why) {
  if (!result.refused) result.refused = {why, ""};
}
void plain_operation::text(const std::string& one) {
  if (!is_unicode(one)) refuse(refusal_code::not_utf8);
}
void plain_operation::name(const std::string& one) {
  one.empty() ? refuse(refusal_code::empty_name) : text(one);
}
void plain_operation::digest(const std::string& one) {
  one.empty() ? refuse(refusal_code::empty_digest) : text(one);
}
void plain_operation::dependencies(const std::vector<owned_dependency>& all) {
  for (const auto& one : all)
    name(one.adapter), text(one.schema_digest), text(one.version);
}
void plain_operation::time() {
  if (!time_is_good_) refuse(refusal_code::time_out_of_range);
}

std::string plain_operation::bumped(const std::string& dependee, const std::string& version) {
  return "dependee-bump:" + dependee + (version.empty() ? "" : "@" + version);
}
bool plain_operation::records(const plain_view& entry, const std::string& adapter,
                              const std::string& schema_digest) {
  return std::ranges::all_of(entry.depends_on, [&](const owned_dependency& item) {
    return item.adapter != adapter || item.schema_digest == schema_digest;
  });
}

void plain_operation::set_adapter(const std::string& name, const std::string& source,
                                  const std::string& schema) {
  plain_adapter& entry = file_.adapters[name];
  entry.source_digest = source;
  entry.schema_digest = schema;
  entry.activated_at = now_;
}

void plain_operation::move(plain_view& entry, const std::string& to, const std::string& trigger) {
  entry.state_history.push_back({now_, entry.view_status, to, trigger});
  while (entry.state_history.size() > 20)
    entry.state_history.erase(entry.state_history.begin());
  entry.view_status = to;
}

operation_result apply_plainly(plain_lockfile& file, const operation& todo) {
  plain_operation run(file, todo.now);
  std::visit(run, todo.what);
  return run.result;
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
