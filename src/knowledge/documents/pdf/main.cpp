// mira-pdf: the worker that reads PDF files for mira, see read_pdf.h. Started by mira and by nobody else.
#include <iconv.h>

#include "knowledge/documents/pdf/read_pdf.h"
#include "platform/process/worker.h"

int main() {
  // poppler turns every page's text by iconv, which loads its tables from files at the first use; in the
  // sandbox there are no files. Held open they stay loaded.
  if (iconv_open("UTF-16", "UTF-8") == reinterpret_cast<iconv_t>(-1)) return 1;
  return mira::process::serve_worker(mira::documents::handle_pdf_request);
}
