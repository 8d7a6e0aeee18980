// The commands that move a view on, as a person may paste them into a shell.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/waiting.hpp"

namespace agentslock::cli {

/// A word as a POSIX shell reads it back: as it is where nothing in it is special, else in single quotes.
/// Linear.
[[nodiscard]] std::string shell_word(std::string_view text);

/// The commands that take the steps, in their order, each once; for a cutover, with the schema that the view recorded. What
/// only a person knows stands in capitals. A document that is not the usual one here is named. Names of more than 1,024
/// bytes are cut.
/// Precondition: the steps are those of this view.
[[nodiscard]] std::vector<std::string> commands_for(std::span<const wait_step> steps, const lockfile& file,
                                                    view_key key, const std::string& document);

}  // namespace agentslock::cli
