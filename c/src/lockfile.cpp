#include "lockfile.hpp"

#include <memory>
#include <new>

#include "document.hpp"

using namespace agentslock;
using namespace agentslock::c;

extern "C" {

agentslock_code agentslock_load(const agentslock_document* document, agentslock_lockfile** file,
                                agentslock_error** why) {
  return made(file, why, [&]() -> result<std::unique_ptr<agentslock_lockfile>> {
    auto loaded = given(document).store().load();
    if (!loaded) return loaded.error();
    return std::make_unique<agentslock_lockfile>(std::move(*loaded));
  });
}

void agentslock_lockfile_free(agentslock_lockfile* file) {
  if (file != nullptr && file->lent == nullptr) delete file;
}

int32_t agentslock_lockfile_existed(const agentslock_lockfile* file) {
  return looked_at(file, [](const agentslock_lockfile& one) {
    return static_cast<std::int32_t>(one.loaded.has_value() && one.loaded->existed());
  });
}

int32_t agentslock_lockfile_state(const agentslock_lockfile* file, agentslock_key key) {
  int32_t state = AGENTSLOCK_NONE;
  guarded(nullptr, [&]() -> result<> {
    state = number_of(given(file).whole().state(key_in(key)));
    return {};
  });
  return state;
}

agentslock_code agentslock_update(const agentslock_document* document, agentslock_change change, void* user,
                                  agentslock_error** why) {
  return guarded(why, [&]() -> result<> {
    if (change == nullptr) throw wrong_call{"the function is NULL"};
    return given(document).store().update([&](lockfile& file) -> result<> {
      agentslock_lockfile lent(file);
      const std::int32_t answer = change(user, &lent);
      if (answer != AGENTSLOCK_WRITE)
        throw given_up{"the function did not answer AGENTSLOCK_WRITE: nothing is written"};
      if (lent.half_changed) throw std::bad_alloc();  // whatever the function made of that
      return {};
    });
  });
}

agentslock_code agentslock_save(const agentslock_document* document, agentslock_lockfile* file,
                                agentslock_error** why) {
  return guarded(why, [&]() -> result<> {
    const lockfile_store& store = given(document).store();
    (void)given(file).whole();
    if (!file->loaded) throw wrong_call{"a lockfile that was lent can't be saved"};
    return store.save(*file->loaded);
  });
}

agentslock_code agentslock_save_over(const agentslock_document* document, const agentslock_lockfile* file,
                                     agentslock_error** why) {
  return guarded(why, [&] { return given(document).store().save_over(given(file).whole()); });
}

agentslock_code agentslock_lockfile_may_query(agentslock_lockfile* file, agentslock_key key,
                                              int32_t fall_through, const agentslock_gate_answer** answer,
                                              agentslock_error** why) {
  if (answer != nullptr) *answer = nullptr;
  return guarded(why, [&]() -> result<> {
    if (answer == nullptr) throw wrong_call{"the out-pointer is NULL"};
    agentslock_lockfile& of = given(file);
    *answer = &of.telling.ask(of.whole(), key_in(key), fall_through);
    return {};
  });
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
