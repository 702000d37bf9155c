#include "knowledge/code/semantics/purpose.h"

#include <algorithm>
#include <vector>

#include "platform/base/text.h"

namespace mira::semantics {
namespace {

constexpr std::size_t purpose_bytes = 160;
constexpr double by_doc = 0.9, by_name = 0.4;

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::string folded(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (!is_blank(c))
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// Where the first sentence ends: a full stop before a blank, an empty line, or a tag of a documentation tool.
std::size_t sentence_end(std::string_view doc) {
  for (std::size_t i = 0; i < doc.size(); ++i) {
    bool last = i + 1 == doc.size();
    if (doc[i] == '.' && (last || is_blank(doc[i + 1]))) {
      bool shortened = i >= 3 && (doc.substr(i - 3, 4) == "e.g." || doc.substr(i - 3, 4) == "i.e.");
      if (!shortened) return i + 1;
    }
    if (doc[i] != '\n' || last) continue;
    std::string_view rest = doc.substr(i + 1);
    std::string_view line = base::trim(rest.substr(0, rest.find('\n')));
    if (line.empty() || line.starts_with('@') || line.starts_with('\\') || line.starts_with(":param"))
      return i;
  }
  return doc.size();
}

}  // namespace

std::string first_sentence(std::string_view doc) {
  doc = base::trim(doc);
  for (std::string_view tag : {"@brief", "\\brief", "<summary>"})
    if (doc.starts_with(tag)) doc = base::trim(doc.substr(tag.size()));
  if (doc.starts_with('@') || doc.starts_with('\\')) return {};
  std::string text = folded(doc.substr(0, sentence_end(doc)));
  if (text.size() <= purpose_bytes) return text;
  return std::string(base::truncate_utf8(text, purpose_bytes - 3)) + "...";
}

base::Result<Purpose> purpose_of(store::Connection& index, std::int64_t element_id) {
  std::string doc, name;
  MIRA_TRY(index.each(
      "SELECT e.name, CASE e.doc WHEN '' THEN ifnull((SELECT d.doc FROM code_elements d WHERE d.name = e.name"
      " AND d.qualified_name = e.qualified_name AND d.is_declaration = 1 AND d.doc <> '' ORDER BY "
      "d.element_id"
      " LIMIT 1), '') ELSE e.doc END FROM code_elements e WHERE e.element_id = ?",
      [&](const store::Row& row) {
        name = row.text(0);
        doc = row.text(1);
      },
      element_id));
  std::string sentence = first_sentence(base::repair_utf8(doc));
  if (!sentence.empty()) return Purpose{std::move(sentence), "doc", by_doc};
  std::vector<std::string> called;
  MIRA_TRY(index.each(
      "SELECT e.name, (SELECT count(*) FROM call_graph o WHERE o.callee_id = e.element_id) AS callers"
      " FROM call_graph g JOIN code_elements e ON e.element_id = g.callee_id WHERE g.caller_id = ?"
      " AND g.tier IN ('proved', 'inferred') GROUP BY e.element_id ORDER BY callers, e.name, e.element_id "
      "LIMIT 2",
      [&](const store::Row& row) { called.push_back(base::join(base::split_identifier(row.text(0)), " ")); },
      element_id));
  std::string text = base::join(base::split_identifier(name), " ");
  for (std::size_t i = 0; i < called.size(); ++i) text += (i == 0 ? ": " : ", ") + called[i];
  return Purpose{std::string(base::truncate_utf8(base::repair_utf8(text), purpose_bytes)), "name", by_name};
}

}  // namespace mira::semantics
