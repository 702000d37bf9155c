// A document as text in sections, each with the place it is cited by: a heading's
// path, a slide, a sheet, a page. Readers are pure functions over foreign bytes and run in a
// worker process; what they could not read is said, never guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::documents {

inline constexpr std::int64_t document_bytes = 64 << 20;  // of one file
inline constexpr std::size_t text_bytes = 16 << 20;       // of one document's text
inline constexpr int archive_entries = 10'000;            // in one archive
inline constexpr std::size_t entry_bytes = 32 << 20;      // of one entry, unpacked
inline constexpr std::size_t unpacked_bytes = 128 << 20;  // of all entries of one archive that are read
inline constexpr int read_wall_ms = 30'000;               // of one document in the worker

enum class Kind { markdown, text, html, docx, pptx, xlsx, epub, pdf };
std::string_view kind_name(Kind kind);
// By the end of the name; nullopt: not a document that can be read.
std::optional<Kind> kind_of(std::string_view path);

struct Section {
  std::string place;
  std::string text;  // paragraphs with an empty line between them
};

struct Document {
  std::string title;
  std::vector<Section> sections;
  std::string missing;  // what was left out, and why; "" when all was read
  bool failed = false;  // nothing could be read; `missing` says why
};

Document read_document(Kind kind, std::string_view bytes);
Document read_text(std::string_view text);
Document read_markdown(std::string_view text);
Document read_html(std::string_view text);
Document read_archive(Kind kind, std::string_view bytes);  // docx, pptx, xlsx, epub

// The job of the worker "documents", and of the program that reads PDF (pdf/read_pdf.h).
std::string request(Kind kind, std::string_view bytes);
std::string handle_request(std::string_view frame);
std::string encode(Document document);
Document decode(std::string_view reply);

struct Chunk {
  std::string place, content;
};
// Pieces of about 1000 characters along paragraphs, at most 1500; tables and code stay whole
// where they fit; a piece never spans two places.
std::vector<Chunk> chunks_of(const Document& document);

}  // namespace mira::documents
