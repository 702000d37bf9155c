// The vector store that needs no server: an exact scan of 8-bit codes in a mapped file,
// the best of them ranked again from half-precision originals in another, so nothing is lost to an
// approximation. The points are rows of vectors.db, which alone is durable; both files
// are copies that a process makes again when they do not show the rows. Everything in
// the folder can be made again from texts and the model. Safe from several threads and processes.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "platform/store/connection.h"
#include "platform/vectors/codes.h"
#include "platform/vectors/index.h"
#include "platform/vectors/scan.h"

namespace mira::vectors {

class LocalIndex : public Index {
 public:
  // Makes the folder's vectors.db where there is none; a damaged or newer one is deleted and made anew.
  static base::Result<std::unique_ptr<LocalIndex>> open(const std::filesystem::path& folder,
                                                        std::int64_t now_ms);
  // Whether there is one to open.
  static bool exists(const std::filesystem::path& folder);

  base::Status upsert(const Space& space, std::span<const Point> points) override;
  base::Status remove(const Space& space, std::span<const std::int64_t> owners) override;
  base::Result<Neighbours> nearest(const Space& space, std::span<const float> question, std::size_t limit,
                                   const Filter& filter) override;
  base::Result<std::map<std::int64_t, std::string>> owners(const Space& space) override;
  base::Result<std::vector<Space>> spaces(const std::string& collection) override;
  base::Status activate(const Space&) override { return {}; }  // each is asked for by its model
  base::Status drop(const Space& space) override;
  base::Result<std::int64_t> count(const Space& space) override;
  base::Result<std::optional<std::vector<float>>> of_content(const Space& space,
                                                             const std::string& content_hash) override;

 private:
  struct Known {  // a space as the database has it
    std::int64_t id = 0;
    std::uint64_t epoch = 0, slots = 0;
    std::size_t dimensions = 0;
  };
  struct Open {  // what this process holds of a space
    Codes codes;
    std::map<std::string, Bitmap> tags;  // of this epoch, those that were asked for
  };
  struct Changes {
    std::vector<char> codes;
    std::string originals;
    std::vector<std::int64_t> gone;
  };
  LocalIndex(std::filesystem::path folder, store::Connection connection);

  base::Result<std::optional<Known>> find(const Space& space);
  base::Result<Known> find_or_make(const Space& space);
  base::Status put(Known& known, const Point& point, Changes& changes);
  base::Status take_away(const Known& known, std::int64_t owner, Changes& changes);
  base::Status follow(const Known& before, const Known& after, const Changes& changes);
  base::Status compact_if_sparse(const Space& space, const Known& known);
  base::Status write_anew(const Known& known);
  base::Status repair(const Space& space);
  Open* open_codes(const Known& known);
  base::Result<std::optional<Neighbours>> nearest_now(const Space& space, std::span<const float> asked,
                                                      std::size_t limit, const Filter& filter);
  base::Result<const Bitmap*> tagged(Open& open, const Known& known, const std::string& tag);
  base::Result<std::optional<Bitmap>> passing(Open& open, const Known& known, const Filter& filter);
  std::filesystem::path file_of(const Known& known) const;

  std::mutex mutex_;  // of all below
  std::filesystem::path folder_;
  store::Connection connection_;
  std::map<std::int64_t, Open> open_;
};

}  // namespace mira::vectors
