/// The mark of what a result borrows from: of a function's object, where the mark stands behind it, or of a parameter. A
/// compiler that knows it (Clang) warns when the result outlives a temporary; to others it is nothing.
///
///     [[nodiscard]] const view* find_view(view_key key) const noexcept AGENTSLOCK_LIFETIMEBOUND;
#pragma once

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define AGENTSLOCK_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef AGENTSLOCK_LIFETIMEBOUND
#define AGENTSLOCK_LIFETIMEBOUND
#endif
// SPDX-License-Identifier: Apache-2.0
