/// The laws of a pass over a document on disk: what it leaves may be queried only where that is right.
///
///     if (auto broken = laws::first_broken(laws::pass_laws(), on, given)) report(*broken);
#pragma once

#include <span>
#include <string>

#include "agentslock/kernel/operation.hpp"
#include "law.hpp"
#include "store.hpp"

namespace agentslock::laws {

/// What a pass law is about: a document, and what the store of views holds, or can't say.
struct pass_case {
  std::string document;
  store_contents held;
};

using pass_law = named_law<const store_under_test&, const pass_case&>;
[[nodiscard]] std::span<const pass_law> pass_laws() noexcept;

/// In the document that a pass has written no view may be queried, with or without falling through to the source, whose record of an
/// adapter differs from the schema that is active.
[[nodiscard]] breach after_a_pass_no_view_over_a_gone_schema_is_open(const store_under_test& on,
                                                                     const pass_case& given);
/// A view that is ready after a pass was ready before, the store holds it, and its entry is what it was.
[[nodiscard]] breach a_pass_leaves_ready_only_what_was_and_is_held(const store_under_test& on,
                                                                   const pass_case& given);
/// A second pass changes nothing and writes nothing, and a check tells before what a pass will do.
[[nodiscard]] breach a_pass_right_after_a_pass_is_none(const store_under_test& on, const pass_case& given);
/// A pass whose store can't say leaves the document as it is.
[[nodiscard]] breach a_pass_that_can_not_ask_writes_nothing(const store_under_test& on,
                                                            const pass_case& given);

}  // namespace agentslock::laws
// SPDX-License-Identifier: Apache-2.0
