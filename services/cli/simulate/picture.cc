// The comparison as a picture (SVG 1.1): a panel a figure, a bar an arm, its 95 % interval as a whisker.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "simulation/comparison.h"

namespace firstfix::simulation {
namespace {

constexpr double kPanelWidth = 300, kLeft = 16, kTop = 34, kBar = 22, kGap = 8, kBars = 200;
constexpr int kColumns = 3;
constexpr const char* kColours[] = {"#9aa5b1", "#3b82c4", "#1f9d76", "#d97f2f", "#8a63b5", "#c44f6a"};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string element(const char* format, double a, double b, double c, double d, const char* text) {
  char out[512];
  std::snprintf(out, sizeof out, format, a, b, c, d, text);
  return out;
}

const char* colour(std::size_t arm) {
  return kColours[arm % std::size(kColours)];
}

std::string panel(const Metric& metric, const std::vector<Measured>& all, double x, double y) {
  std::string out = element("<text x='%.0f' y='%.0f' font-size='%.0f' font-weight='%.0f'>", x, y + 20, 13, 600, "") +
                    escaped(metric.label) + "</text>\n";
  double most = 1e-9;
  for (const auto& measured : all) {
    const auto e = estimate(measured.values(metric));
    most = std::max(most, e.mean + (std::isfinite(e.half_width) ? e.half_width : 0));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto e = estimate(all[i].values(metric));
    const double top = y + kTop + static_cast<double>(i) * (kBar + kGap), length = kBars * e.mean / most;
    out += element("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>\n", x, top, std::max(0.0, length),
                   kBar, colour(i));
    if (std::isfinite(e.half_width)) {
      const double half = kBars * e.half_width / most, middle = top + kBar / 2;
      out += element("<line x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f' stroke='#222'/>%s\n", x + length - half,
                     x + length + half, middle, middle, "");
    }
    char value[32];
    std::snprintf(value, sizeof value, "%.2f", e.mean);
    out += element("<text x='%.1f' y='%.1f' font-size='%.0f' fill-opacity='%.1f'>%s</text>\n", x + kBars + 12,
                   top + kBar - 6, 12, 1, value);
  }
  return out;
}

}  // namespace

std::string to_svg(const std::vector<Measured>& all) {
  const double panel_height = kTop + static_cast<double>(all.size()) * (kBar + kGap) + 16;
  const auto rows = (metrics().size() + kColumns - 1) / kColumns;
  const double legend = 24 + 20 * static_cast<double>(all.size());
  const double width = kLeft + kColumns * kPanelWidth, height = legend + static_cast<double>(rows) * panel_height + 12;
  std::string out = element(
      "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' viewBox='0 0 %.0f %.0f' "
      "font-family='sans-serif'>%s\n",
      width, height, width, height, "<rect width='100%' height='100%' fill='white'/>");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double y = 14 + 20 * static_cast<double>(i);
    out += element("<rect x='%.0f' y='%.0f' width='%.0f' height='%.0f' fill='%s'/>", kLeft, y, 14, 14, colour(i));
    out += element("<text x='%.0f' y='%.0f' font-size='%.0f' font-weight='%.0f'>", kLeft + 22, y + 12, 13, 400, "") +
           escaped(all[i].arm.variant + ", " + all[i].arm.policy) + "</text>\n";
  }
  for (std::size_t m = 0; m < metrics().size(); ++m)
    out += panel(metrics()[m], all, kLeft + static_cast<double>(m % kColumns) * kPanelWidth,
                 legend + static_cast<double>(m / kColumns) * panel_height);
  return out + "</svg>\n";
}

}  // namespace firstfix::simulation
