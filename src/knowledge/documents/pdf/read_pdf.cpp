#include "knowledge/documents/pdf/read_pdf.h"

#include <fmt/format.h>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>

#include <limits>
#include <memory>

#include "platform/base/text.h"
#include "platform/base/utf8_decode.h"

namespace mira::documents {
namespace {

// Not ustring::to_utf8: that asks iconv, which looks for files.
std::string utf8_of(const poppler::ustring& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t unit = text[i];
    bool pair = unit >= 0xD800 && unit < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 &&
                text[i + 1] < 0xE000;
    if (pair) {
      base::append_utf8(0x10000 + ((unit - 0xD800) << 10) + (static_cast<char32_t>(text[++i]) - 0xDC00), out);
    } else {
      base::append_utf8(unit, out);
    }
  }
  return base::repair_utf8(out);
}

// A word that was divided at the end of a line is one word again.
std::string joined(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool divided = text[i] == '-' && i > 0 && i + 2 < text.size() && text[i + 1] == '\n' &&
                   text[i - 1] >= 'a' && text[i - 1] <= 'z' && text[i + 2] >= 'a' && text[i + 2] <= 'z';
    if (divided) {
      ++i;
    } else if (text[i] != '\f') {
      out += text[i];
    }
  }
  return out;
}

Document unread(const std::string& reason) {
  return {.title = "", .sections = {}, .missing = reason, .failed = true};
}

void read_pages(const poppler::document& pdf, Document& out) {
  int pages = pdf.pages(), without_text = 0, unreadable = 0;
  std::size_t bytes = 0;
  for (int i = 0; i < std::min(pages, pdf_pages) && bytes <= text_bytes; ++i) {
    std::unique_ptr<poppler::page> page(pdf.create_page(i));
    if (!page) {
      ++unreadable;
      continue;
    }
    std::string text =
        joined(utf8_of(page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout)));
    if (base::trim(text).empty()) {
      ++without_text;
      continue;
    }
    bytes += text.size();
    out.sections.push_back({fmt::format("page {}", i + 1), std::move(text)});
  }
  if (pages > pdf_pages)
    out.missing = fmt::format("only the first {} of {} pages were read", pdf_pages, pages);
  if (unreadable > 0) out.missing = fmt::format("{} of {} pages are broken", unreadable, pages);
  if (without_text > 0)
    out.missing = fmt::format("{} of {} pages hold no text (pictures are not read)", without_text, pages);
}

}  // namespace

Document read_pdf(std::string_view bytes) {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return unread("it is too large");
  std::unique_ptr<poppler::document> pdf(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (!pdf) return unread("it is no PDF, or a broken one");
  if (pdf->is_locked()) return unread("it is protected by a password");
  Document out;
  out.title = base::trim(utf8_of(pdf->info_key("Title")));
  read_pages(*pdf, out);
  out.failed = out.sections.empty();
  if (out.failed && out.missing.empty()) out.missing = "it has no pages";
  return out;
}

std::string handle_pdf_request(std::string_view frame) {
  bool pdf = !frame.empty() && static_cast<Kind>(frame[0]) == Kind::pdf;
  return encode(pdf ? read_pdf(frame.substr(1)) : unread("not a PDF"));
}

}  // namespace mira::documents
