#include "knowledge/documents/document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::documents {
namespace {

using nlohmann::json;

constexpr std::size_t aimed_bytes = 1000, most_bytes = 1500, least_bytes = 200;

struct Ending {
  std::string_view end;
  Kind kind;
};
constexpr auto endings = std::to_array<Ending>({{".md", Kind::markdown},
                                                {".markdown", Kind::markdown},
                                                {".txt", Kind::text},
                                                {".rst", Kind::text},
                                                {".adoc", Kind::text},
                                                {".html", Kind::html},
                                                {".htm", Kind::html},
                                                {".xhtml", Kind::html},
                                                {".docx", Kind::docx},
                                                {".pptx", Kind::pptx},
                                                {".xlsx", Kind::xlsx},
                                                {".epub", Kind::epub},
                                                {".pdf", Kind::pdf}});

// Paragraphs of a section; what stands between ``` stays one.
std::vector<std::string> paragraphs_of(std::string_view text) {
  std::vector<std::string> out;
  std::string current;
  bool code = false;
  for (std::string_view line : base::split(text, '\n')) {
    bool fence = base::trim(line).starts_with("```");
    if (base::trim(line).empty() && !code) {
      if (!current.empty()) out.push_back(std::move(current));
      current.clear();
      continue;
    }
    if (fence) code = !code;
    current += line;
    current += '\n';
  }
  if (!current.empty()) out.push_back(std::move(current));
  return out;
}

// A paragraph that is too long for one piece, cut at line ends, then anywhere.
void cut(std::string_view paragraph, std::vector<std::string>& out) {
  while (paragraph.size() > most_bytes) {
    std::string_view head = base::truncate_utf8(paragraph, most_bytes);
    for (std::string_view border : {std::string_view("\n"), std::string_view(". "), std::string_view(" ")}) {
      std::size_t at = head.rfind(border);
      if (at == std::string_view::npos || at < most_bytes / 2) continue;
      head = head.substr(0, at + border.size());
      break;
    }
    out.emplace_back(head);
    paragraph.remove_prefix(head.size());
  }
  if (!base::trim(paragraph).empty()) out.emplace_back(paragraph);
}

void chunk_section(const Section& section, std::vector<Chunk>& out) {
  std::vector<std::string> parts;
  for (const std::string& paragraph : paragraphs_of(section.text)) cut(paragraph, parts);
  std::string current;
  std::size_t first = out.size();
  auto flush = [&] {
    std::string_view trimmed = base::trim(current);
    if (trimmed.empty()) return;
    bool small = trimmed.size() < least_bytes && out.size() > first &&
                 out.back().content.size() + trimmed.size() < most_bytes;
    if (small) {
      out.back().content += "\n\n" + std::string(trimmed);
    } else {
      out.push_back({section.place, std::string(trimmed)});
    }
    current.clear();
  };
  for (const std::string& part : parts) {
    bool full = current.size() >= least_bytes && current.size() + part.size() > aimed_bytes;
    if (full || current.size() + part.size() > most_bytes) flush();
    current += part + "\n";
  }
  flush();
}

}  // namespace

std::string_view kind_name(Kind kind) {
  constexpr std::array<std::string_view, 8> names{"markdown", "text", "html", "docx",
                                                  "pptx",     "xlsx", "epub", "pdf"};
  return names[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_of(std::string_view path) {
  std::string lower = base::to_lower(path);
  auto found = std::ranges::find_if(endings, [&](const Ending& one) { return lower.ends_with(one.end); });
  return found == endings.end() ? std::nullopt : std::optional(found->kind);
}

Document read_text(std::string_view text) {
  return {.title = "", .sections = {{"", std::string(text)}}, .missing = "", .failed = false};
}

Document read_document(Kind kind, std::string_view bytes) {
  switch (kind) {
    case Kind::markdown:
      return read_markdown(base::repair_utf8(bytes));
    case Kind::text:
      return read_text(base::repair_utf8(bytes));
    case Kind::html:
      return read_html(base::repair_utf8(bytes));
    case Kind::pdf:
      return {.title = "", .sections = {}, .missing = "a PDF is read by mira-pdf", .failed = true};
    default:
      return read_archive(kind, bytes);
  }
}

std::string request(Kind kind, std::string_view bytes) {
  std::string frame(1, static_cast<char>(kind));
  return frame.append(bytes);
}

std::string handle_request(std::string_view frame) {
  Document document{.title = "", .sections = {}, .missing = "not a request", .failed = true};
  bool sound =
      !frame.empty() && static_cast<unsigned char>(frame[0]) <= static_cast<unsigned char>(Kind::pdf);
  if (sound) document = read_document(static_cast<Kind>(frame[0]), frame.substr(1));
  return encode(std::move(document));
}

std::string encode(Document document) {
  json sections = json::array();
  std::size_t bytes = 0;
  for (const Section& section : document.sections) {
    bytes += section.text.size();
    if (bytes > text_bytes) {
      document.missing = "the text is longer than what is kept";
      break;
    }
    sections.push_back({section.place, section.text});
  }
  json out = {{"title", document.title},
              {"sections", sections},
              {"missing", document.missing},
              {"failed", document.failed}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Document decode(std::string_view reply) {
  json in = json::parse(reply, nullptr, false);
  Document out{.title = "", .sections = {}, .missing = "unreadable answer of the reader", .failed = true};
  if (!in.is_object() || !in.contains("sections") || !in["sections"].is_array()) return out;
  out.title = in.value("title", "");
  out.missing = in.value("missing", "");
  out.failed = in.value("failed", true);
  for (const json& section : in["sections"]) {
    bool sound =
        section.is_array() && section.size() == 2 && section[0].is_string() && section[1].is_string();
    if (sound) out.sections.push_back({section[0], section[1]});
  }
  return out;
}

std::vector<Chunk> chunks_of(const Document& document) {
  std::vector<Chunk> out;
  for (const Section& section : document.sections) chunk_section(section, out);
  return out;
}

}  // namespace mira::documents
