#include "knowledge/git/message_parts.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::size_t sentence_bytes = 300;
constexpr std::size_t most_references = 5;

// Words that open a reason.
constexpr std::array<std::string_view, 22> reasons = {
    "because", "since",   "so that", "otherwise",  "in order to", "due to",   "avoid", "prevent",
    "instead", "fix",     "bug",     "regression", "caused",      "crash",    "leak",  "broke",
    "needed",  "require", "ensure",  "workaround", "would",       "incorrect"};

bool is_trailer(std::string_view line) {
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 24) return false;
  std::string key = base::to_lower(line.substr(0, colon));
  if (key.find(' ') != std::string::npos) return false;
  constexpr std::array<std::string_view, 12> keys = {"ref",      "closes",    "fixes",     "bug",
                                                     "see",      "change-id", "cc",        "link",
                                                     "resolves", "refs",      "follow-up", "assisted-by"};
  return key.ends_with("-by") || std::ranges::find(keys, key) != keys.end();
}

// Prose of the body with line ends as spaces; a blank line, a list item or a trailer ends a paragraph.
std::vector<std::string> paragraphs(std::string_view body) {
  std::vector<std::string> out(1);
  for (std::string_view line : base::split(body, '\n')) {
    std::string_view text = base::trim(line);
    bool item = text.starts_with("- ") || text.starts_with("* ");
    if (text.empty() || item) out.emplace_back();
    if (text.empty() || text.starts_with('>') || is_trailer(text)) continue;
    if (!out.back().empty()) out.back() += ' ';
    out.back() += item ? text.substr(2) : text;
  }
  std::erase_if(out, [](const std::string& one) { return one.empty(); });
  return out;
}

std::vector<std::string> sentences(std::string_view body) {
  std::vector<std::string> out;
  for (const std::string& paragraph : paragraphs(body)) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < paragraph.size(); ++i) {
      bool stop = (paragraph[i] == '.' || paragraph[i] == '!' || paragraph[i] == '?') &&
                  (i + 1 == paragraph.size() || paragraph[i + 1] == ' ');
      if (!stop && i + 1 != paragraph.size()) continue;
      std::string_view one = base::trim(std::string_view(paragraph).substr(start, i + 1 - start));
      if (!one.empty()) out.emplace_back(one);
      start = i + 1;
    }
  }
  return out;
}

double worth(const std::string& sentence, std::size_t position, const std::vector<std::string>& names) {
  std::string lower = base::to_lower(sentence);
  double out = 1 / (1 + static_cast<double>(position));
  out += std::ranges::any_of(reasons, [&](std::string_view w) { return lower.find(w) != std::string::npos; })
             ? 2
             : 0;
  out +=
      std::ranges::any_of(
          names, [&](const std::string& n) { return n.size() > 2 && sentence.find(n) != std::string::npos; })
          ? 3
          : 0;
  return sentence.size() < 12 ? out / 2 : out;
}

void add_reference(std::string_view text, std::vector<std::string>& out) {
  if (out.size() < most_references && std::ranges::find(out, text) == out.end()) out.emplace_back(text);
}

std::vector<std::string> references_of(std::string_view text) {
  std::vector<std::string> out;
  auto digits_from = [&](std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    return end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool starts = i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0;
    if (!starts) continue;
    if (text[i] == '#') {
      std::size_t end = digits_from(i + 1);
      if (end > i + 1 && end - i < 9) add_reference(text.substr(i, end - i), out);
    } else if (text.substr(i, 4) == "CVE-") {
      std::size_t year = digits_from(i + 4);
      std::size_t end = year < text.size() && text[year] == '-' ? digits_from(year + 1) : year;
      if (year == i + 8 && end > year + 1) add_reference(text.substr(i, end - i), out);
    }
  }
  return out;
}

}  // namespace

MessagePart part_that_matters(std::string_view subject, std::string_view body,
                              const std::vector<std::string>& names) {
  MessagePart out;
  std::vector<std::string> all = sentences(body);
  double best = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    double value = worth(all[i], i, names);
    if (value <= best) continue;
    best = value;
    out.sentence = base::truncate_utf8(all[i], sentence_bytes);
  }
  out.references = references_of(std::string(subject) + "\n" + std::string(body));
  return out;
}

}  // namespace mira::git
