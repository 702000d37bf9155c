// The documents of a project as they are kept: added by path, read in a worker,
// masked, cut into chunks, found by words. A file that changed is read again when it
// is asked about; chunks that did not change keep their ids.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"
#include "knowledge/documents/document.h"
#include "platform/process/worker.h"

namespace mira::documents {

enum class Where { worker, here };  // `here` is for tests: no process is started

struct Added {
  std::string path;
  std::string state;   // "read", "partial", "failed", "unchanged"
  std::string reason;  // of partial and failed
  std::size_t chunks = 0;
};

// The program that reads PDF: beside this one, or in libexec/mira where it is installed. Empty: none is
// there.
std::filesystem::path pdf_reader();
inline constexpr std::string_view no_pdf_reader =
    "the program that reads PDF, mira-pdf, is not installed beside mira (it is built where "
    "libpoppler-cpp-dev is)";

class Library {
 public:
  explicit Library(Where where) : where_(where) {}

  // A file, or every document below a folder (links are not followed).
  // not_found: no such path. usage: a kind that cannot be read, or a file of secrets.
  base::Result<std::vector<Added>> add(contracts::Session& session, const std::string& path,
                                       base::Deadline deadline);
  // Reads again what changed on disk, and notes what is gone.
  base::Status refresh(contracts::Session& session, base::Deadline deadline);

 private:
  base::Result<Added> add_file(contracts::Session& session, const std::filesystem::path& file,
                               base::Deadline deadline);
  base::Result<Document> read(Kind kind, const std::string& bytes, base::Deadline deadline);

  Where where_;
};

struct Found {
  std::int64_t chunk = 0;
  std::string path, title, place, content;
  double score = 0;
};
// Chunks by words, best first.
base::Result<std::vector<Found>> find_chunks(store::Connection& main, const std::string& project,
                                             const std::vector<std::string>& words, std::int64_t limit);

base::Status remove_document(contracts::Session& session, const std::string& path, base::Deadline deadline);

}  // namespace mira::documents
