#include "machine_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

#include "agentslock/kernel/transition.hpp"
#include "graph.hpp"
#include "markup.hpp"
#include "shortened.hpp"
#include "terminal.hpp"
#include "view_summary.hpp"

namespace agentslock::cli {
namespace {

constexpr double box_width = 230;
constexpr double box_height = 172;
constexpr double box_gap_x = 150;
constexpr double box_gap_y = 90;
constexpr double line_height = 18;
constexpr std::size_t names_max = 5;

/// Where a state's box stands: two rows of three. The beginning of the machine is no box, but a dot in the place of one.
box place_of(view_state state) {
  const auto at = [](int column, int row) {
    return box{
        {picture_margin + column * (box_width + box_gap_x), picture_margin + row * (box_height + box_gap_y)},
        box_width,
        box_height};
  };
  switch (state) {
    case view_state::ready:
      return at(1, 0);
    case view_state::pending_recompat_check:
      return at(2, 0);
    case view_state::pending_rebuild:
      return at(1, 1);
    case view_state::dsl_update_required:
      return at(2, 1);
    case view_state::unrecognised:
      return at(0, 1);
    case view_state::none:
      break;
  }
  const point centre = at(0, 0).centre();
  return {{centre.x + box_width / 2 - 8, centre.y - 8}, 16, 16};
}

/// Where a line from the middle of a box leaves it on the way to a point.
point border(const box& from, point middle, point towards) {
  const double dx = towards.x - middle.x;
  const double dy = towards.y - middle.y;
  const double right = from.corner.x + from.width;
  const double bottom = from.corner.y + from.height;
  double part = 1;
  if (dx > 0) part = std::min(part, (right - middle.x) / dx);
  if (dx < 0) part = std::min(part, (from.corner.x - middle.x) / dx);
  if (dy > 0) part = std::min(part, (bottom - middle.y) / dy);
  if (dy < 0) part = std::min(part, (from.corner.y - middle.y) / dy);
  return {middle.x + part * dx, middle.y + part * dy};
}

struct ends {
  view_state from;
  view_state to;
  auto operator<=>(const ends&) const = default;
};

/// What moves a view from one state to another, by both.
std::map<ends, std::vector<std::string_view>> causes() {
  std::map<ends, std::vector<std::string_view>> found;
  for (const transition& edge : machine_edges())
    found[{edge.from, edge.to}].push_back(name(edge.cause));
  return found;
}

/// An arrow, beside the one that leads back if there is one, and its causes beside it.
void draw_edge(svg_picture& picture, ends edge, bool leads_back, const std::vector<std::string_view>& why) {
  const box from = place_of(edge.from);
  const box to = place_of(edge.to);
  point start = from.centre();
  point end = to.centre();
  const double length = point{end.x - start.x, end.y - start.y}.length();
  const point across{-(end.y - start.y) / length, (end.x - start.x) / length};
  if (leads_back) {
    start = {start.x + 16 * across.x, start.y + 16 * across.y};
    end = {end.x + 16 * across.x, end.y + 16 * across.y};
  }
  const point leaves = border(from, start, end);
  const point arrives = border(to, end, start);
  picture.arrow(leaves, arrives, "");
  const point middle{(leaves.x + arrives.x) / 2, (leaves.y + arrives.y) / 2};
  const bool is_flat = std::abs(across.x) < 0.1;
  const bool is_upright = std::abs(across.y) < 0.1;
  // Beside an upright arrow: to the right, or, of two, to the outer side of each.
  const double side = leads_back && across.x < 0 ? -1 : 1;
  const text_anchor anchor = !is_upright ? text_anchor::middle
                             : side < 0  ? text_anchor::end
                                         : text_anchor::start;
  double y = is_flat ? middle.y - 8 : middle.y + 4 - static_cast<double>(why.size() - 1) * 8;
  const double x = middle.x + (is_upright ? 10 * side : 0);
  for (const std::string_view cause : why) {
    picture.text({x, y}, cause, "cause", anchor);
    y += 16;
  }
}

void draw_state(svg_picture& picture, view_state state, std::size_t count,
                const std::vector<std::string>& names) {
  const box at = place_of(state);
  picture.rectangle(at, fmt::format("state {}", identifier(state)), 8);
  const double x = at.corner.x + 12;
  double y = at.corner.y + 24;
  picture.text({x, y}, fmt::format("{} {}", symbol(state, charset::utf8), name(state)),
               "status " + identifier(state));
  y += line_height + 2;
  picture.text({x, y}, count == 0 ? std::string("no views") : counted(count, "view"), "number");
  for (const std::string& whole : names) {
    y += line_height;
    picture.name({x, y}, whole, picture_name_columns, "name", whole);
  }
  if (count > names.size()) picture.more({x, y + line_height}, count - names.size());
}

}  // namespace

std::string machine_picture(const lockfile& file) {
  view_counts counts;
  std::array<std::vector<std::string>, view_state_count> names;
  for (const auto& [adapter_name, owner] : file.adapters()) {
    for (const auto& [view_name, entry] : owner.views) {
      const view_state state = counted_state(file, entry);
      auto& shown = names[static_cast<std::size_t>(state)];
      if (counts.of(state) < names_max) {
        shown.push_back(to_string({shortened(adapter_name), shortened(view_name)}));
      }
      counts.add(state);
    }
  }
  svg_picture picture;
  const auto edges = causes();
  for (const auto& [edge, why] : edges)
    draw_edge(picture, edge, edges.contains({edge.to, edge.from}), why);
  const box begin = place_of(view_state::none);
  picture.circle(begin.centre(), 8, "begin");
  for (const view_state state : recorded_states)
    draw_state(picture, state, counts.of(state), names[static_cast<std::size_t>(state)]);
  return picture.finish(3 * box_width + 2 * box_gap_x + 4 * picture_margin,
                        2 * box_height + box_gap_y + 2 * picture_margin,
                        "The state machine of a view: " + in_words(counts, false));
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
