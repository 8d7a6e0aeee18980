// Paths: as texts, and what symlinks make of them; private to the io layer.
#pragma once

#include <string>
#include <string_view>

#include "agentslock/io/error.hpp"
#include "agentslock/io/host.hpp"

namespace agentslock {

/// The directory that a path's last part lies in; "." for a bare name.
[[nodiscard]] std::string directory_of(std::string_view path);
/// A path's last part.
[[nodiscard]] std::string_view name_of(std::string_view path) noexcept;
/// Refuses what can be no path: one that holds a NUL, at which the system would cut it off.
[[nodiscard]] result<> check_path(std::string_view path);
/// A path without "." parts, doubled or trailing slashes and resolvable ".." parts, as the Go tool cleans it;
/// links are not looked at.
[[nodiscard]] std::string clean_path(std::string_view path);
/// The path that a symlink in the last place finally points to, whether or not something is there; a path that is
/// no symlink is returned as it is. A symlink in a sticky directory that all may write is followed only when it is ours or
/// the directory's owner's, as the kernel's protected_symlinks has it: anybody else could have put it there.
/// Errors: access_denied; not_a_file (too many symlinks); io_failed.
[[nodiscard]] result<std::string> follow_symlinks(platform on, std::string path);

/// A name that nobody else uses: STEM, then process, time and a number.
[[nodiscard]] std::string unique_name(host& machine, std::string_view stem);

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
