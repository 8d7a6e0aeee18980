#include "document_generator.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "agentslock/io/detail/adapters_codec.hpp"
#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/io/lock_document.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/operation.hpp"

namespace agentslock::bench {
namespace {

/// What a document is to hold.
struct document_shape {
  std::size_t views;
  std::size_t views_an_adapter = 10;
  /// Of every view, which then is ready; random ones when it is empty.
  std::string_view view_digest = {};
};

/// A small generator of our own: the standard library's distributions differ between implementations.
class random_numbers {
 public:
  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15U;  // splitmix64
    std::uint64_t mixed = (state_ ^ (state_ >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }
  std::size_t below(std::size_t bound) noexcept { return next() % bound; }

 private:
  std::uint64_t state_ = 1;
};

std::string digest_of(random_numbers& numbers) {
  const std::uint64_t parts[] = {numbers.next(), numbers.next(), numbers.next(), numbers.next()};
  return fmt::format("sha256:{:016x}{:016x}{:016x}{:016x}", parts[0], parts[1], parts[2], parts[3]);
}

/// Moments in order, some hours apart.
class calendar {
 public:
  std::string next(random_numbers& numbers) {
    hours_ += 1 + static_cast<unsigned>(numbers.below(5));
    const unsigned day = hours_ / 24;
    const std::size_t second = numbers.below(3600);
    return fmt::format("2026-{:02}-{:02}T{:02}:{:02}:{:02}Z", 1 + day / 28 % 12, 1 + day % 28, hours_ % 24,
                       second / 60, second % 60);
  }

 private:
  unsigned hours_ = 0;
};

class adapters_maker {
 public:
  explicit adapters_maker(const document_shape& shape)
      : shape_(shape), adapters_((shape.views + shape.views_an_adapter - 1) / shape.views_an_adapter) {
    for (std::size_t i = 0; i < adapters_; ++i)
      schemas_.push_back(digest_of(numbers_));
    for (std::size_t i = 0; i < shape.views; ++i)
      add_view(i);
  }
  [[nodiscard]] lockfile finish() && { return std::move(restore_).finish(); }

 private:
  void add_view(std::size_t number) {
    if (number % shape_.views_an_adapter == 0) {
      const std::size_t owner = number / shape_.views_an_adapter;
      owner_ = restore_.add_adapter(restore_.keep(adapter_name(owner)));
      owner_->source_digest = restore_.keep(digest_of(numbers_));
      owner_->schema_digest = restore_.keep(schemas_[owner]);
      owner_->activated_at = "2026-01-01T08:30:00Z";
    }
    view& made = *restore_.add_view(*owner_, restore_.keep(view_name(number)));
    made.view_digest = shape_.view_digest.empty() ? restore_.keep(digest_of(numbers_))
                                                  : restore_.keep(std::string(shape_.view_digest));
    const std::size_t dependees = 1 + numbers_.below(2);
    for (std::size_t i = 0; i < dependees; ++i) {
      const std::size_t dependee = numbers_.below(adapters_);
      const std::size_t version = numbers_.below(100);
      made.depends_on.push_back({restore_.keep(adapter_name(dependee)), restore_.keep(schemas_[dependee]),
                                 restore_.keep(fmt::format("{}.{}.0", version / 10, version % 10))});
    }
    add_history(number, made);
  }

  /// Registered, then once or twice bumped, validated and rebuilt; then as far as its status says.
  void add_history(std::size_t number, view& made) {
    calendar times;
    std::vector<audit_entry> entries;
    const auto add = [&](std::string_view from, std::string_view to, std::string_view trigger) {
      entries.push_back({restore_.keep(times.next(numbers_)), from, to, trigger});
    };
    const auto bump = [&] {
      const std::string dependee = adapter_name(numbers_.below(adapters_));
      return restore_.keep(fmt::format("dependee-bump:{}@{}.0.0", dependee, numbers_.below(9)));
    };
    add("", "ready", "registered");
    const std::size_t rounds = 1 + numbers_.below(3) / 2;
    for (std::size_t i = 0; i < rounds; ++i) {
      add("ready", "pending-recompat-check", bump());
      add("pending-recompat-check", "pending-rebuild", "recompat-pass");
      add("pending-rebuild", "ready", "rebuilt");
    }
    made.last_rebuilt_at = entries.back().at;
    made.last_validation_at = entries[entries.size() - 2].at;
    made.status = recorded_status(view_status::ready);
    const std::size_t place = shape_.view_digest.empty() ? number % 100 : 0;
    if (place % 20 == 7) {
      add("ready", "pending-rebuild", "reconcile:view tables absent");
      made.status = recorded_status(view_status::pending_rebuild);
    } else if (place % 20 == 13 || place == 59) {
      add("ready", "pending-recompat-check", bump());
      made.status = recorded_status(view_status::pending_recompat_check);
    }
    if (place == 59) {
      add("pending-recompat-check", "dsl-update-required", "recompat-fail");
      made.status = recorded_status(view_status::dsl_update_required);
    }
    made.state_history.restore(entries);
  }

  document_shape shape_;
  random_numbers numbers_;
  lockfile_restorer restore_;
  std::size_t adapters_;
  std::vector<std::string> schemas_;
  adapter* owner_ = nullptr;
};

/// A section of another program: objects with texts, numbers and lists, about this large.
std::string foreign_section(std::size_t size_bytes) {
  random_numbers numbers;
  std::string json = "{";
  for (std::size_t number = 0; number == 0 || json.size() < size_bytes * 4 / 5; ++number) {
    json += fmt::format(R"({}"unit-{:06}":{{"path":"units/{}/main.yaml","digest":"{}",)",
                        number == 0 ? "" : ",", number, number, digest_of(numbers));
    const std::size_t weight = numbers.below(10'000);
    json += fmt::format(R"("weight":{}.{},"enabled":{},"tags":["a-{}",null,{}]}})", weight / 100,
                        weight % 100, weight % 2 == 0, weight % 7, weight % 1'000);
  }
  return json + "}";
}

std::string make_document(const document_shape& shape) {
  constexpr std::size_t size_of_view = 1600;
  const std::size_t views = shape.views;
  const lockfile file = adapters_maker(shape).finish();
  const json_layout layout;
  json_writer write(layout, "");
  write.begin_object();
  write.name("adapters");
  write_adapters(write, file);
  write.name("config");
  write.value(foreign_section(views * size_of_view / 5));
  write.name("lock_version");
  write.value("1");
  write.name("units");
  write.value(foreign_section(views * size_of_view / 5));
  write.end_object();
  return std::move(write).text() + "\n";
}

}  // namespace

std::string adapter_name(std::size_t number) {
  return fmt::format("adapter-{:05}", number);
}

std::string view_name(std::size_t number) {
  return fmt::format("materialized_view_{}", number);
}

std::string make_document(std::size_t views) {
  return make_document(document_shape{views});
}

std::string make_ready_document(std::size_t views, std::size_t views_an_adapter,
                                std::string_view view_digest) {
  return make_document(document_shape{views, views_an_adapter, view_digest});
}

branched_document make_branches(std::size_t views) {
  branched_document made{make_document(views), {}, {}};
  const auto parsed = lock_document::parse(text_buffer(made.base), "document").value();
  const auto written = [&](const lockfile& file) {
    return std::string(parsed.document.render({}, &file).text().view());
  };
  const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 8 / 1}};
  lockfile bumped = parsed.adapters;
  std::set<std::string> dependees;
  for (const view_key key : parsed.adapters.view_keys()) {
    for (const dependency& one : parsed.adapters.find_view(key)->depends_on)
      dependees.emplace(one.adapter);
  }
  for (const std::string& name : dependees) {
    if (apply(bumped, {operations::mark_dependee_bumped{name, {}, {}}, now}).refused) std::abort();
  }
  lockfile gone = parsed.adapters;
  reconcile_visitor nobody;
  const auto asks_in_vain = [](view_key) { return std::optional(presence{}); };
  if (!gone.reconcile(asks_in_vain, nobody, now)) std::abort();
  made.ours = written(bumped);
  made.theirs = written(gone);
  return made;
}

store_of_document::store_of_document(const lockfile& file, contents holds) {
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      if (!needs_presence(entry.status.state())) continue;
      const bool is_gone = holds == contents::one_in_a_hundred_gone && answers_.size() % 100 == 0;
      answers_.push_back(is_gone ? presence{} : presence{true, entry.view_digest});
    }
  }
}

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
