// The text of a PDF, page by page, by poppler. It is a program of its own (mira-pdf)
// because poppler brings two dozen libraries that would be loaded at every start of
// mira; it takes the same jobs as the worker "documents" and gives the same answers,
// inside the same sandbox.
#pragma once

#include <string_view>

#include "knowledge/documents/document.h"

namespace mira::documents {

inline constexpr int pdf_pages = 5000;  // of one document

// Places are "page 1", "page 2". A page without text is said to have none: nothing is read from pictures.
Document read_pdf(std::string_view bytes);

// A job of the worker; only PDF is answered.
std::string handle_pdf_request(std::string_view frame);

}  // namespace mira::documents
