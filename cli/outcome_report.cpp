#include "outcome_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "findings_form.hpp"
#include "json_report.hpp"
#include "streams.hpp"
#include "terminal.hpp"

namespace agentslock::cli {

outcome_report report_error(const error& why) {
  json_report json;
  json.failure(why);
  return {code_for(why.code()), fmt::format("agentslock: {}\n", printable(why.message())),
          std::move(json).finish(), std::nullopt, why};
}

int tell(const outcome_report& report, const common_options& options) {
  const bool failed = report.code == exit_code::failed || report.code == exit_code::could_not_verify ||
                      report.code == exit_code::lock_timeout;
  const int to = failed && !options.json ? STDERR_FILENO : STDOUT_FILENO;
  if (lists_findings(options.format) && (report.failure || report.findings)) {
    const document_findings found =
        report.failure ? findings_of(options.document, *report.failure) : *report.findings;
    const auto listed = write_all(STDOUT_FILENO, whole_in(form_of(options.format), found));
    if (!listed) return fail_to_write(listed.error());
  }
  const bool says_text = failed || !lists_findings(options.format);
  const auto written = !says_text          ? sys_result<>()
                       : !options.json     ? write_all(to, report.text)
                       : ::isatty(to) != 0 ? write_all(to, printable_json(report.json))
                                           : write_all(to, report.json);
  if (!written) return fail_to_write(written.error());
  if (const auto arrived = finish_output(); !arrived) return fail_to_write(arrived.error());
  return static_cast<int>(report.code);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
