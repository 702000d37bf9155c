#include <algorithm>
#include <charconv>
#include <map>
#include <pugixml.hpp>

#include "knowledge/documents/archive.h"
#include "knowledge/documents/document.h"
#include "knowledge/documents/headings.h"

namespace mira::documents {
namespace {

// Names without their prefix: "w:p" is "p".
std::string_view local(const pugi::xml_node& node) {
  std::string_view name = node.name();
  std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Visits a tree without recursion; visit(node, depth) before its children.
template <class F>
void walk(const pugi::xml_node& root, F&& visit) {
  pugi::xml_node node = root.first_child();
  while (node) {
    bool descend = visit(node);
    if (descend && node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && node != root && !node.next_sibling()) node = node.parent();
    if (!node || node == root) return;
    node = node.next_sibling();
  }
}

bool load(const std::optional<std::string>& xml, pugi::xml_document& document) {
  return xml && document.load_buffer(xml->data(), xml->size());
}

// Texts of `t` elements below a node; tabs and line breaks as blanks.
std::string text_of(const pugi::xml_node& node) {
  std::string out;
  walk(node, [&](const pugi::xml_node& at) {
    if (local(at) == "t") out += at.child_value();
    if (local(at) == "tab" || local(at) == "br") out += ' ';
    return true;
  });
  return out;
}

int heading_of(const pugi::xml_node& paragraph) {
  int level = 0;
  walk(paragraph, [&](const pugi::xml_node& at) {
    if (local(at) == "pStyle") {
      std::string_view style = at.first_attribute().value();
      if (style == "Title") level = 1;
      if (style.starts_with("Heading") && style.size() == 8 && style[7] >= '1' && style[7] <= '9')
        level = style[7] - '0';
    }
    return local(at) != "r";
  });
  return level;
}

// "a | b | c" for each row.
std::string table_of(const pugi::xml_node& table) {
  std::string out;
  walk(table, [&](const pugi::xml_node& at) {
    if (local(at) == "tr" && !out.empty()) out += '\n';
    if (local(at) != "tc") return true;
    if (!out.empty() && out.back() != '\n') out += " | ";
    out += text_of(at);
    return false;
  });
  return out;
}

Document read_docx(Archive& archive) {
  Document out;
  pugi::xml_document xml;
  if (!load(archive.read("word/document.xml"), xml))
    return {.title = "", .sections = {}, .missing = "it holds no text that can be read", .failed = true};
  HeadingPath path;
  out.sections.push_back({});
  walk(xml, [&](const pugi::xml_node& at) {
    if (local(at) == "tbl") {
      out.sections.back().text += table_of(at) + "\n\n";
      return false;
    }
    if (local(at) != "p") return true;
    std::string text = text_of(at);
    int level = heading_of(at);
    if (level > 0 && !text.empty()) {
      path.enter(level, text);
      if (out.title.empty()) out.title = text;
      out.sections.push_back({path.text(), ""});
    } else if (!text.empty()) {
      out.sections.back().text += text + "\n\n";
    }
    return false;
  });
  return out;
}

// The number in "ppt/slides/slide12.xml"; 0 when the name is not of that form.
int number_in(std::string_view name, std::string_view before) {
  if (!name.starts_with(before) || !name.ends_with(".xml")) return 0;
  name.remove_prefix(before.size());
  int number = 0;
  auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
  return code == std::errc() && std::string_view(end) == ".xml" ? number : 0;
}

std::map<int, std::string> numbered(const Archive& archive, std::string_view before) {
  std::map<int, std::string> out;
  for (const std::string& name : archive.names()) {
    if (int number = number_in(name, before); number > 0) out.emplace(number, name);
  }
  return out;
}

Document read_pptx(Archive& archive) {
  Document out;
  for (const auto& [number, name] : numbered(archive, "ppt/slides/slide")) {
    pugi::xml_document xml;
    if (!load(archive.read(name), xml)) continue;
    Section section{.place = "slide " + std::to_string(number), .text = ""};
    walk(xml, [&](const pugi::xml_node& at) {
      if (local(at) != "p") return true;
      std::string text = text_of(at);
      if (!text.empty()) section.text += text + "\n";
      return false;
    });
    if (out.title.empty()) out.title = section.text.substr(0, section.text.find('\n'));
    out.sections.push_back(std::move(section));
  }
  return out;
}

std::vector<std::string> shared_strings(Archive& archive) {
  std::vector<std::string> out;
  pugi::xml_document xml;
  if (!load(archive.read("xl/sharedStrings.xml"), xml)) return out;
  for (const pugi::xml_node& item : xml.document_element().children()) out.push_back(text_of(item));
  return out;
}

std::string cell_text(const pugi::xml_node& cell, const std::vector<std::string>& shared) {
  std::string_view kind = cell.attribute("t").value();
  if (kind == "inlineStr") return text_of(cell);
  std::string value = cell.child_value("v");
  if (kind != "s") return value;
  std::size_t index = 0;
  auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), index);
  return code == std::errc() && index < shared.size() ? shared[index] : "";
}

Document read_xlsx(Archive& archive) {
  Document out;
  std::vector<std::string> shared = shared_strings(archive), sheet_names;
  pugi::xml_document book;
  if (load(archive.read("xl/workbook.xml"), book)) {
    walk(book, [&](const pugi::xml_node& at) {
      if (local(at) == "sheet") sheet_names.emplace_back(at.attribute("name").value());
      return true;
    });
  }
  for (const auto& [number, name] : numbered(archive, "xl/worksheets/sheet")) {
    pugi::xml_document xml;
    if (!load(archive.read(name), xml)) continue;
    auto index = static_cast<std::size_t>(number) - 1;
    Section section{
        .place = "sheet " + (index < sheet_names.size() ? sheet_names[index] : std::to_string(number)),
        .text = ""};
    walk(xml, [&](const pugi::xml_node& at) {
      if (local(at) != "row") return true;
      std::string row;
      for (const pugi::xml_node& cell : at.children()) {
        std::string text = cell_text(cell, shared);
        if (!text.empty()) row += (row.empty() ? "" : " | ") + text;
      }
      if (!row.empty()) section.text += row + "\n";
      return false;
    });
    out.sections.push_back(std::move(section));
  }
  return out;
}

// Files of the reading order, by the package's own list.
std::vector<std::string> reading_order(Archive& archive, std::string& title) {
  std::vector<std::string> out;
  pugi::xml_document container, package;
  if (!load(archive.read("META-INF/container.xml"), container)) return out;
  std::string root;
  walk(container, [&](const pugi::xml_node& at) {
    if (local(at) == "rootfile" && root.empty()) root = at.attribute("full-path").value();
    return true;
  });
  if (!load(archive.read(root), package)) return out;
  std::size_t slash = root.rfind('/');
  std::string folder = slash == std::string::npos ? "" : root.substr(0, slash + 1);
  std::map<std::string, std::string, std::less<>> files;
  walk(package, [&](const pugi::xml_node& at) {
    if (local(at) == "title" && title.empty()) title = at.child_value();
    if (local(at) == "item") files[at.attribute("id").value()] = folder + at.attribute("href").value();
    if (local(at) == "itemref") {
      auto found = files.find(std::string_view(at.attribute("idref").value()));
      if (found != files.end()) out.push_back(found->second);
    }
    return true;
  });
  return out;
}

Document read_epub(Archive& archive) {
  Document out;
  for (const std::string& name : reading_order(archive, out.title)) {
    auto text = archive.read(name);
    if (!text) continue;
    Document chapter = read_html(base::repair_utf8(*text));
    for (Section& section : chapter.sections) {
      if (section.place.empty()) section.place = chapter.title;
      if (!base::trim(section.text).empty()) out.sections.push_back(std::move(section));
    }
  }
  return out;
}

}  // namespace

Document read_archive(Kind kind, std::string_view bytes) {
  std::string why;
  auto archive = Archive::open(bytes, why);
  if (!archive) return {.title = "", .sections = {}, .missing = why, .failed = true};
  Document out = kind == Kind::docx   ? read_docx(*archive)
                 : kind == Kind::pptx ? read_pptx(*archive)
                 : kind == Kind::xlsx ? read_xlsx(*archive)
                                      : read_epub(*archive);
  if (!archive->missing().empty()) out.missing = archive->missing();
  if (out.sections.empty() && !out.failed) {
    out.failed = true;
    if (out.missing.empty()) out.missing = "it holds no text that can be read";
  }
  return out;
}

}  // namespace mira::documents
