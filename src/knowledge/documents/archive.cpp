#include "knowledge/documents/archive.h"

#include <zip.h>

#include <algorithm>

#include "knowledge/documents/document.h"

namespace mira::documents {

struct Archive::Handle {
  zip_t* zip = nullptr;
  ~Handle() {
    if (zip != nullptr) zip_discard(zip);
  }
};

Archive::Archive(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Archive::~Archive() = default;

std::unique_ptr<Archive> Archive::open(std::string_view bytes, std::string& why) {
  zip_error_t error;
  zip_error_init(&error);
  auto handle = std::make_unique<Handle>();
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) handle->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (handle->zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    why = "it is no archive, or a damaged one";
    return nullptr;
  }
  if (zip_get_num_entries(handle->zip, 0) > archive_entries) {
    why = "the archive has too many entries";
    return nullptr;
  }
  return std::unique_ptr<Archive>(new Archive(std::move(handle)));
}

std::vector<std::string> Archive::names() const {
  std::vector<std::string> out;
  zip_int64_t count = zip_get_num_entries(handle_->zip, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(handle_->zip, static_cast<zip_uint64_t>(i), 0);
    if (name != nullptr) out.emplace_back(name);
  }
  return out;
}

std::optional<std::string> Archive::read(const std::string& name) {
  zip_file_t* file = zip_fopen(handle_->zip, name.c_str(), 0);
  if (file == nullptr) return std::nullopt;
  std::string out;
  char buffer[65536];
  zip_int64_t got = 0;
  while ((got = zip_fread(file, buffer, sizeof buffer)) > 0) {
    out.append(buffer, static_cast<std::size_t>(got));
    unpacked_ += static_cast<std::size_t>(got);
    if (out.size() > entry_bytes || unpacked_ > unpacked_bytes) {
      missing_ = "parts of the archive unpack to more than what is read";
      zip_fclose(file);
      return std::nullopt;
    }
  }
  zip_fclose(file);
  if (got < 0) {
    missing_ = "parts of the archive are damaged";
    return std::nullopt;
  }
  return out;
}

}  // namespace mira::documents
