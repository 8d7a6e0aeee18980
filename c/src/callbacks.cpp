#include "callbacks.hpp"

#include <memory>
#include <new>

#include "agentslock/io/presence.hpp"

namespace agentslock::c {
namespace {

agentslock_key key_out(const std::string& adapter, const std::string& view) noexcept {
  return {text_out(adapter), text_out(view)};
}

/// Takes what a callback says.
template <class Take>
void take(agentslock_answer* answer, const Take& what) noexcept {
  if (answer == nullptr) return;
  try {
    what(*answer);
  } catch (const std::bad_alloc&) {
    answer->incomplete = answer->out_of_memory = true;
  } catch (...) {
    answer->incomplete = true;
  }
}

/// Calls a function of C's, which must not throw; one that does has not answered.
template <class Call>
std::int32_t answer_of(const Call& call, agentslock_answer& answer) {
  std::int32_t number = AGENTSLOCK_COULD_NOT_TELL;
  try {
    number = call();
  } catch (const std::exception& thrown) {
    answer.why = std::string("the function threw: ") + thrown.what();
    return AGENTSLOCK_COULD_NOT_TELL;
  }
  if (answer.out_of_memory) throw std::bad_alloc();
  if (answer.incomplete) {
    answer.why = "what the function said is no text, or no list";
    return AGENTSLOCK_COULD_NOT_TELL;
  }
  return number;
}

class callback_presence final : public presence_source {
 public:
  callback_presence(agentslock_find asked, void* user) : find_(asked), user_(user) {}

  result<stored_view> find(view_key key) override {
    const owned_key named = key;  // with a NUL after each text
    const agentslock_key asked = key_out(named.adapter, named.view);
    agentslock_answer answer;
    const std::int32_t number = answer_of([&] { return find_(user_, &asked, &answer); }, answer);
    if (number == AGENTSLOCK_PRESENT && answer.digest) return stored_view(*std::move(answer.digest));
    if (number == AGENTSLOCK_ABSENT) return stored_view();
    if (answer.why.empty()) {
      answer.why = number == AGENTSLOCK_PRESENT ? "it said that the view is there, and no digest"
                                                : "it answered " + std::to_string(number);
    }
    return error(errc::store_unreachable,
                 "the store could not say what it holds for " + to_string(key) + ": " + answer.why);
  }

 private:
  agentslock_find find_;
  void* user_;
};

/// The facts about a view as C reads them; borrows them.
class facts_telling {
 public:
  explicit facts_telling(const view_facts& of) {
    for (const dependee_schemas& one : of.dependees) {
      dependees_.push_back({text_out(one.adapter), text_out(one.recorded.digest),
                            text_out(one.recorded.version), one.now ? text_out(one.now->digest) : nothing,
                            one.now ? text_out(one.now->version) : nothing});
    }
    told_.key = key_out(of.adapter, of.view);
    told_.status = text_out(of.status);
    told_.token = text_out(of.token);
    told_.dependees = dependees_.data();
    told_.dependee_count = dependees_.size();
  }
  [[nodiscard]] const agentslock_facts* told() const noexcept { return &told_; }

 private:
  agentslock_facts told_{};
  std::vector<agentslock_dependee> dependees_;
};

/// Has a function of C's work on a view. The answer's `why` says something unless it passed.
program_verdict work_on(agentslock_work_on work, void* user, const view_facts& facts,
                        agentslock_answer& answer) {
  const facts_telling telling(facts);
  const std::int32_t number = answer_of([&] { return work(user, telling.told(), &answer); }, answer);
  if (number == AGENTSLOCK_PASSED) return program_verdict::passed;
  if (number == AGENTSLOCK_FAILED) {
    if (answer.why.empty()) answer.why = "it gave no reason";
    return program_verdict::failed;
  }
  if (answer.why.empty()) answer.why = "it answered " + std::to_string(number);
  return program_verdict::could_not_tell;
}

template <class Function>
Function* function_in(Function* function) {
  if (function == nullptr) throw wrong_call{"a function is NULL"};
  return function;
}

}  // namespace
}  // namespace agentslock::c

using namespace agentslock;
using namespace agentslock::c;

extern "C" {

void agentslock_answer_digest(agentslock_answer* answer, agentslock_text view_digest) {
  take(answer, [&](agentslock_answer& to) { to.digest = std::string(text_in(view_digest)); });
}

void agentslock_answer_why(agentslock_answer* answer, agentslock_text why) {
  take(answer, [&](agentslock_answer& to) { to.why = text_in(why); });
}

void agentslock_answer_depends_on(agentslock_answer* answer, const agentslock_dependency* dependencies,
                                  size_t count) {
  take(answer, [&](agentslock_answer& to) {
    std::vector<owned_dependency> all;
    for (const agentslock_dependency& one : array_in(dependencies, count)) {
      all.push_back({std::string(text_in(one.adapter)), std::string(text_in(one.schema_digest)),
                     std::string(text_in(one.version))});
    }
    to.depends_on = std::move(all);
  });
}

int32_t agentslock_answer_is_stopped(const agentslock_answer* answer) {
  return looked_at(answer,
                   [](const agentslock_answer& of) { return std::int32_t{of.stop.stop_requested()}; });
}

agentslock_code agentslock_presence_new(agentslock_find find, void* user, agentslock_presence** presence,
                                        agentslock_error** why) {
  return made(presence, why, [&]() -> result<std::unique_ptr<agentslock_presence>> {
    auto source = std::make_unique<callback_presence>(function_in(find), user);
    return std::make_unique<agentslock_presence>(agentslock_presence{std::move(source)});
  });
}
void agentslock_presence_free(agentslock_presence* presence) {
  delete presence;
}

agentslock_code agentslock_validator_new(agentslock_work_on judge, void* user,
                                         agentslock_validator** validator, agentslock_error** why) {
  return made(validator, why, [&]() -> result<std::unique_ptr<agentslock_validator>> {
    const auto ask = [judge = function_in(judge), user](const view_facts& of, const std::stop_token& stop) {
      agentslock_answer answer(stop);
      const program_verdict verdict = work_on(judge, user, of, answer);
      if (verdict != program_verdict::passed) return validator_answer{verdict, std::move(answer.why), {}};
      return validator_answer{verdict, {}, std::move(answer.depends_on)};
    };
    return std::make_unique<agentslock_validator>(
        agentslock_validator{std::make_unique<function_validator>(ask)});
  });
}
void agentslock_validator_free(agentslock_validator* validator) {
  delete validator;
}

agentslock_code agentslock_builder_new(agentslock_work_on build, void* user, agentslock_builder** builder,
                                       agentslock_error** why) {
  return made(builder, why, [&]() -> result<std::unique_ptr<agentslock_builder>> {
    const auto ask = [build = function_in(build), user](const view_facts& of, const std::stop_token& stop) {
      agentslock_answer answer(stop);
      const program_verdict verdict = work_on(build, user, of, answer);
      if (verdict == program_verdict::passed) return builder_answer{verdict, {}};
      return builder_answer{verdict, std::move(answer.why)};
    };
    return std::make_unique<agentslock_builder>(agentslock_builder{std::make_unique<function_builder>(ask)});
  });
}
void agentslock_builder_free(agentslock_builder* builder) {
  delete builder;
}

agentslock_code agentslock_schema_digest(const agentslock_column* columns, size_t count, char digest[72],
                                         agentslock_error** why) {
  return guarded(why, [&]() -> result<> {
    if (digest == nullptr) throw wrong_call{"there is no place for the digest"};
    *digest = '\0';
    std::vector<column> all;
    for (const agentslock_column& one : array_in(columns, count)) {
      all.push_back({std::string(text_in(one.name)), std::string(text_in(one.declared_type)),
                     choice_in(one.not_null), one.primary_key_position});
    }
    write_digest(schema_digest(all), digest);
    return {};
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
