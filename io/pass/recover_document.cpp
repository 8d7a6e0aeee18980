#include "agentslock/io/recover_document.hpp"

#include <utility>

namespace agentslock {

result<recovered> recover_document(const lockfile_store& store, presence_source& views,
                                   view_validator& validator, view_builder& builder, const work_options& how,
                                   const view_choice& chosen) {
  recovered done;
  auto pass = reconcile_document(store, views, reconcile_mode::write);
  if (!pass) return pass.error();
  done.pass = std::move(*pass);

  auto verdicts = validate_document(store, chosen, validator, how);
  if (!verdicts) return verdicts.error();
  done.verdicts = std::move(*verdicts);

  auto builds = rebuild_document(store, views, chosen, builder, how);
  if (!builds) return builds.error();
  done.builds = std::move(*builds);

  auto at_end = check_without_store(store);
  if (!at_end) return at_end.error();
  done.at_end = std::move(*at_end);
  return done;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
