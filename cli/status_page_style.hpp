// How the status page looks.
#pragma once

#include <string_view>

namespace agentslock::cli {

inline constexpr std::string_view status_page_style = R"css(
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --edge: #c9d1d9; --lift: #f6f8fa;
  --ready: #1a5c20; --ready-back: #dff3e0; --rebuild: #6b4a00; --rebuild-back: #fff1bd;
  --recompat: #0b4a8f; --recompat-back: #dcebfd; --bad: #99171d; --bad-back: #fde1e1; }
@media (prefers-color-scheme: dark) { :root { --back: #14171c; --text: #e3e7ec; --soft: #a0a9b4; --edge: #3b434d;
  --lift: #1c2128; --ready: #8fdc97; --ready-back: #16331a; --rebuild: #f3d06b; --rebuild-back: #3a2e0a;
  --recompat: #93c8ff; --recompat-back: #12304f; --bad: #ffa3a3; --bad-back: #451a1c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p { margin: .3rem 0; color: var(--soft); }
code, .name, .log, svg text { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .87em; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .6rem; padding: 0; margin: 1rem 0 0; list-style: none; }
.counts li { padding: .5rem .9rem; border-radius: 8px; }
.counts b { font-size: 1.3rem; margin-right: .3rem; }
.pill { display: inline-block; padding: 0 .5rem; border-radius: 1rem; overflow-wrap: anywhere; }
.ready { color: var(--ready); background: var(--ready-back); fill: var(--ready); }
.pending_rebuild { color: var(--rebuild); background: var(--rebuild-back); fill: var(--rebuild); }
.pending_recompat_check { color: var(--recompat); background: var(--recompat-back); fill: var(--recompat); }
.dsl_update_required, .unrecognised { color: var(--bad); background: var(--bad-back); fill: var(--bad); }
.none { color: var(--soft); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
col.c1 { width: 24%; } col.c2 { width: 21%; } col.c4 { width: 20%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--edge); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; }
tbody th { background: var(--lift); }
tbody th span { font-weight: 400; color: var(--soft); margin-left: .8rem; }
summary { cursor: pointer; }
summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--recompat); outline-offset: 2px; }
.log { margin: .5rem 0; padding: 0; list-style: none; }
.log li { padding: .1rem 0; }
.soft { color: var(--soft); }
.scroll { overflow: auto; max-height: 44rem; border: 1px solid var(--edge); border-radius: 8px; }
svg { display: block; margin: auto; }
svg text { font-size: 12px; fill: var(--text); }
svg .adapter { font-weight: 600; }
svg .number, svg .more, svg .cause { fill: var(--soft); }
svg .cause { paint-order: stroke; stroke: var(--back); stroke-width: 4px; }
svg text.status { font-weight: 600; }
svg text.ready { fill: var(--ready); } svg text.pending_rebuild { fill: var(--rebuild); }
svg text.pending_recompat_check { fill: var(--recompat); }
svg text.dsl_update_required, svg text.unrecognised { fill: var(--bad); }
svg .state { stroke: var(--edge); }
svg .state.ready { fill: var(--ready-back); } svg .state.pending_rebuild { fill: var(--rebuild-back); }
svg .state.pending_recompat_check { fill: var(--recompat-back); }
svg .state.dsl_update_required, svg .state.unrecognised { fill: var(--bad-back); }
svg .card { fill: var(--lift); stroke: var(--edge); } svg .missing { stroke-dasharray: 4; }
svg .line { fill: none; stroke: var(--soft); stroke-width: 1.2; stroke-opacity: .65; } svg .head, svg .begin { fill: var(--soft); }
svg .line.outdated { stroke: var(--bad); stroke-dasharray: 5 3; } svg .head.outdated { fill: var(--bad); }
@media (max-width: 44rem) { body { padding: .8rem; } thead, col { display: none; } table, tbody, tr, td, tbody th { display: block; }
  td { border: 0; padding: .1rem .6rem; } tr { border-bottom: 1px solid var(--edge); padding: .3rem 0; } }
@media print { .scroll { max-height: none; } }
)css";

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
