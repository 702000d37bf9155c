// mira-pdf: the worker that reads PDF files for mira, see read_pdf.h. Started by mira and by nobody else.
#include "knowledge/documents/pdf/read_pdf.h"
#include "platform/process/worker.h"

int main() {
  return mira::process::serve_worker(mira::documents::handle_pdf_request);
}
