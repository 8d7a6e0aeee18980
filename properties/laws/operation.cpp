#include "operation.hpp"

#include <utility>

namespace agentslock::laws {
namespace {

template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

std::vector<dependency> borrowed(const std::vector<owned_dependency>& owned) {
  std::vector<dependency> items;
  items.reserve(owned.size());
  for (const auto& item : owned)
    items.push_back({item.adapter, item.schema_digest, item.version});
  return items;
}

std::vector<owned_key> owned(const std::vector<view_key>& keys) {
  return {keys.begin(), keys.end()};
}

template <class T>
void note_refusal(operation_result& result, const outcome<T>& done) {
  if (done) return;
  result.refused = done.why().code;
  result.message = done.why().message;
}

void apply_reconcile(operation_result& result, lockfile& file, const store_contents& store, timestamp now) {
  reconcile_found& found = result.reconciled;
  const auto ask = [&](view_key key) -> std::optional<presence> {
    found.asked.emplace_back(key);
    if (store.unknown == found.asked.back()) return std::nullopt;
    const auto held = store.digests.find(found.asked.back());
    if (held == store.digests.end()) return presence{};
    return presence{true, held->second};
  };
  reconcile_report report;
  const auto done = file.reconcile(ask, report, now);
  note_refusal(result, done);
  if (done) found.counts = *done;
  for (const state_change& change : report.changes)
    found.changes.push_back({change.key, std::string(change.from), change.to, std::string(change.reason)});
  found.due = owned(report.due);
  found.shut = owned(report.shut);
  found.adapters_all_different.assign(report.adapters_all_different.begin(),
                                      report.adapters_all_different.end());
}

void apply_cutover(operation_result& result, lockfile& file, const cutover& todo, timestamp now) {
  std::vector<std::vector<dependency>> lists;
  lists.reserve(todo.verdicts.size());
  std::vector<cutover_verdict> verdicts;
  for (const auto& one : todo.verdicts) {
    lists.push_back(borrowed(one.new_dependencies));
    verdicts.push_back({one.key, one.judged, lists.back()});
  }
  const cutover_request request{todo.dependee, todo.source_digest, todo.schema_digest, todo.version};
  const auto run = [&](const lockfile& as_given) {
    const auto done = file.cutover(request, verdicts, as_given, now);
    note_refusal(result, done);
    if (done) {
      result.cut_over = {owned(done->frozen), owned(done->passed), owned(done->failed), owned(done->blockers),
                         done->activated};
    }
  };
  if (!todo.given_otherwise) {
    run(file);
    return;
  }
  lockfile as_given = file;
  const timestamp earlier{};
  (void)as_given.activate(todo.given_otherwise->adapter, "", todo.given_otherwise->schema_digest, earlier);
  run(as_given);
}

std::string listed(const std::vector<owned_dependency>& items) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ", ";
    text += shown(item.adapter) + " at " + shown(item.schema_digest);
    if (!item.version.empty()) text += " version " + shown(item.version);
  }
  return text + "]";
}

std::string word(verdict judged) {
  return judged == verdict::passed ? "passed" : "failed";
}

std::string listed(const store_contents& store) {
  std::string text = "{";
  for (const auto& [key, digest] : store.digests) {
    if (text.size() > 1) text += ", ";
    text += shown(view_key(key)) + ": " + shown(digest);
  }
  if (store.unknown) text += " unknown: " + shown(view_key(*store.unknown));
  return text + "}";
}

std::string sentence(const cutover& todo) {
  std::string text = "cut over " + shown(todo.dependee) + " to " + shown(todo.schema_digest);
  if (!todo.version.empty()) text += " version " + shown(todo.version);
  for (const auto& one : todo.verdicts) {
    text += "; " + shown(view_key(one.key)) + " " + word(one.judged);
    if (!one.new_dependencies.empty()) text += " now reads " + listed(one.new_dependencies);
  }
  if (todo.given_otherwise) {
    text += "; was given " + shown(todo.given_otherwise->adapter) + " at " +
            shown(todo.given_otherwise->schema_digest);
  }
  return text;
}

}  // namespace

const owned_key* named_view_of(const operation& done) noexcept {
  return std::visit(
      [](const auto& what) -> const owned_key* {
        if constexpr (requires { what.key; }) {
          return &what.key;
        } else {
          return nullptr;
        }
      },
      done.what);
}

operation_result apply(lockfile& file, const operation& todo) {
  operation_result result;
  const timestamp now = todo.now;
  std::visit(
      overloaded{
          [&](const activate& one) {
            note_refusal(result, file.activate(one.adapter, one.source_digest, one.schema_digest, now));
          },
          [&](const register_view& one) {
            note_refusal(result, file.register_view(one.key, one.view_digest, borrowed(one.depends_on), now));
          },
          [&](const bump& one) {
            const auto done = file.mark_dependee_bumped(one.dependee, now, {one.schema_digest, one.version});
            note_refusal(result, done);
            if (done) result.bumped = owned(*done);
          },
          [&](const resolve& one) {
            note_refusal(result,
                         file.resolve_recompat(one.key, one.judged, borrowed(one.new_dependencies), now));
          },
          [&](const rebuild& one) {
            std::vector<adapter_schema> read;
            if (one.schemas_read) {
              for (const auto& item : *one.schemas_read)
                read.push_back({item.adapter, item.schema_digest});
            }
            note_refusal(result, one.schemas_read ? file.mark_view_rebuilt(one.key, one.view_digest, now,
                                                                           std::span(std::as_const(read)))
                                                  : file.mark_view_rebuilt(one.key, one.view_digest, now));
          },
          [&](const remove_view& one) { note_refusal(result, file.remove_view(one.key)); },
          [&](const remove_adapter& one) { note_refusal(result, file.remove_adapter(one.adapter)); },
          [&](const reconcile& one) { apply_reconcile(result, file, one.store, now); },
          [&](const cutover& one) { apply_cutover(result, file, one, now); },
      },
      todo.what);
  return result;
}

kernel_step take_step(const lockfile& from, const operation& todo) {
  kernel_step step{from, todo, {}, from};
  step.result = apply(step.after, todo);
  return step;
}

std::string shown(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").append(1, c);
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shown(view_key key) {
  return shown(key.adapter) + "/" + shown(key.view);
}

std::string to_string(const operation& todo) {
  std::string text = std::visit(
      overloaded{
          [](const activate& one) {
            return "activate " + shown(one.adapter) + " from " + shown(one.source_digest) + " at " +
                   shown(one.schema_digest);
          },
          [](const register_view& one) {
            return "register " + shown(view_key(one.key)) + " digest " + shown(one.view_digest) + " reads " +
                   listed(one.depends_on);
          },
          [](const bump& one) {
            return "bump " + shown(one.dependee) + " to " + shown(one.schema_digest) + " version " +
                   shown(one.version);
          },
          [](const resolve& one) {
            return "resolve " + shown(view_key(one.key)) + " " + word(one.judged) + " now reads " +
                   listed(one.new_dependencies);
          },
          [](const rebuild& one) {
            std::string built = "rebuild " + shown(view_key(one.key)) + " digest " + shown(one.view_digest);
            if (!one.schemas_read) return built;
            for (const auto& item : *one.schemas_read)
              built += ", read " + shown(item.adapter) + " at " + shown(item.schema_digest);
            return built + (one.schemas_read->empty() ? ", read nothing" : "");
          },
          [](const remove_view& one) { return "remove view " + shown(view_key(one.key)); },
          [](const remove_adapter& one) { return "remove adapter " + shown(one.adapter); },
          [](const reconcile& one) { return "reconcile with " + listed(one.store); },
          [](const cutover& one) { return sentence(one); },
      },
      todo.what);
  return text + " at " + std::to_string(todo.now.time_since_epoch().count());
}

}  // namespace agentslock::laws
