#include "knowledge/code/search_gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "knowledge/code/search_chunks.h"
#include "knowledge/code/search_features.h"
#include "knowledge/code/search_symbols.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t candidate_chunks = 300;
constexpr std::size_t filtered_candidate_chunks =
    5000;                                           // filters come after the index, so more come out of it
constexpr std::size_t report_chunks = 8000;         // of a long text are looked at again by their place ...
constexpr std::size_t report_chunks_of_a_file = 5;  // ... and no file takes the place of many others
constexpr int definitions_of_a_name = 200;
constexpr int chunks_of_a_named_file = 40;

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return base::to_lower(text).find(base::to_lower(part)) != std::string::npos;
}

class Gatherer {
 public:
  Gatherer(store::Connection& index, const TypedQuery& query, const RankWeights& weights,
           const Closeness* close, const std::vector<contracts::TouchedFile>& touched)
      : index_(index), query_(query), weights_(weights), close_(close), touched_(touched) {}

  base::Result<Candidates> run() {
    places_ = MIRA_TRY(Places::of(index_));
    found_.places = places_;
    MIRA_TRY(find_words());
    for (const SymbolMention& mention : query_.symbols) MIRA_TRY(find_definitions(mention));
    MIRA_TRY(read_named_files());
    for (const PathMention& mention : query_.paths) MIRA_TRY(find_path(mention));
    if (close_ != nullptr) MIRA_TRY(find_close());
    for (const contracts::TouchedFile& file : touched_) MIRA_TRY(find_touched(file));
    return std::move(found_);
  }

 private:
  // Where a chunk stands in found_; nullopt when a filter leaves it out.
  struct Spot {
    std::size_t file, chunk;
  };
  ChunkCandidate& at(Spot spot) { return found_.files[spot.file].chunks[spot.chunk]; }

  bool has_filters() const {
    const QueryFilters& f = query_.filters;
    return !f.path.empty() || !f.language.empty() || !f.symbol.empty();
  }

  base::Result<std::optional<Spot>> add(std::int64_t chunk_id) {
    if (auto known = chunks_.find(chunk_id); known != chunks_.end()) return known->second;
    const ChunkPlace* place = MIRA_TRY(places_->chunk(index_, chunk_id));
    if (place == nullptr) return std::nullopt;
    const QueryFilters& f = query_.filters;
    if (!f.path.empty() && !contains_ignoring_case(place->file->path, f.path)) return std::nullopt;
    if (!f.language.empty() && place->file->language != base::to_lower(f.language)) return std::nullopt;
    if (!f.symbol.empty() && !contains_ignoring_case(place->symbol, f.symbol)) return std::nullopt;
    std::size_t file = file_of(*place->file);
    ChunkCandidate chunk;
    chunk.place = place;
    found_.files[file].chunks.push_back(std::move(chunk));
    Spot spot{file, found_.files[file].chunks.size() - 1};
    chunks_.emplace(chunk_id, spot);
    return spot;
  }

  std::size_t file_of(const FilePlace& place) {
    auto [known, fresh] = files_.try_emplace(place.file_id, found_.files.size());
    if (!fresh) return known->second;
    FileCandidate file;
    file.place = &place;
    if (auto match = matches_.files.find(place.file_id); match != matches_.files.end())
      file.match = match->second;
    found_.files.push_back(std::move(file));
    return known->second;
  }

  base::Status find_words() {
    std::vector<QueryWord> words = query_.words;
    for (QueryWord& word : words) word.weight *= word.part ? weights_.part : 1;
    matches_ = MIRA_TRY(match_words(index_, words, weights_));
    for (std::size_t i = 0; i < matches_.worth.size(); ++i)
      found_.worth.emplace(words[i].text, matches_.worth[i]);
    std::vector<ChunkMatch> best = MIRA_TRY(best_matches());
    for (const ChunkMatch& match : best) {
      if (auto spot = MIRA_TRY(add(match.chunk_id))) at(*spot).words = match.score;
    }
    return {};
  }

  // The chunks worth a closer look: by their own words and by their file's.
  base::Result<std::vector<ChunkMatch>> best_matches() {
    auto total = [&](const ChunkMatch& match) {
      const FileMatch& file = matches_.files.at(file_of_chunk(match.chunk_id));
      return match.score + weights_.file_share * file.words + file.path;
    };
    std::vector<std::pair<double, std::size_t>> order;
    order.reserve(matches_.chunks.size());
    for (std::size_t i = 0; i < matches_.chunks.size(); ++i)
      order.emplace_back(-total(matches_.chunks[i]), i);
    std::size_t most = std::min(has_filters() ? filtered_candidate_chunks : candidate_chunks, order.size());
    std::size_t looked_at = query_.report ? std::min(report_chunks, order.size()) : most;
    looked_at = std::max(looked_at, most);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(looked_at), order.end());
    order.resize(looked_at);
    if (query_.report) MIRA_TRY(weigh_places(order));
    std::unordered_map<std::int64_t, std::size_t> taken;
    std::vector<ChunkMatch> best;
    best.reserve(most);
    for (const auto& [score, i] : order) {
      if (best.size() == most) break;
      const ChunkMatch& match = matches_.chunks[i];
      if (!query_.report || taken[file_of_chunk(match.chunk_id)]++ < report_chunks_of_a_file)
        best.push_back(match);
    }
    return best;
  }

  // A report holds so many words that the longest tests hold more of them than what they test.
  base::Status weigh_places(std::vector<std::pair<double, std::size_t>>& order) {
    std::unordered_map<std::int64_t, double> shares;
    for (auto& [score, i] : order) {
      auto [known, fresh] = shares.try_emplace(file_of_chunk(matches_.chunks[i].chunk_id), 1.0);
      if (fresh) {
        auto path =
            MIRA_TRY(index_.text("SELECT path FROM repository_files WHERE file_id = ?", known->first));
        known->second = place_share(path_traits(path.value_or("")), query_, weights_);
      }
      score *= known->second;  // best are the most negative
    }
    std::sort(order.begin(), order.end());
    return {};
  }

  struct Definition {
    Spot spot;
    double share;
    bool in_scope, declaration;
    std::string qualified;  // "" where it is no definition of the project
  };

  base::Status find_definitions(const SymbolMention& mention) {
    std::vector<Definition> definitions;
    std::vector<std::int64_t> chunks;
    MIRA_TRY(index_.each(
        "SELECT c.chunk_id, e.qualified_name, e.kind, e.is_declaration FROM code_elements e"
        " JOIN code_chunks c ON c.file_id = e.file_id AND e.name_line BETWEEN c.start_line AND c.end_line"
        " JOIN repository_files f ON f.file_id = e.file_id WHERE e.name = ?1 LIMIT ?2",
        [&](const store::Row& row) {
          chunks.push_back(row.integer(0));
          definitions.push_back({{},
                                 kind_share(row.text(2)),
                                 is_in_scope(row.text(1), mention.scope),
                                 row.integer(3) != 0,
                                 std::string(row.text(1))});
        },
        mention.name, definitions_of_a_name));
    MIRA_TRY(place(chunks, definitions));
    bool defined =
        std::any_of(definitions.begin(), definitions.end(), [](const auto& d) { return d.in_scope; });
    if (!defined && mention.explicit_ && !has_filters()) found_.not_defined.push_back(mention.written);
    if (definitions.empty()) MIRA_TRY(find_passed_on(mention, definitions));
    credit(mention, definitions, defined);
    return {};
  }

  // Leaves out those that a filter leaves out.
  base::Status place(const std::vector<std::int64_t>& chunks, std::vector<Definition>& definitions) {
    std::vector<Definition> placed;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      auto spot = MIRA_TRY(add(chunks[i]));
      if (!spot) continue;
      definitions[i].spot = *spot;
      placed.push_back(std::move(definitions[i]));
    }
    definitions = std::move(placed);
    return {};
  }

  // A name of another package has its place where the project gives it on as its own.
  base::Status find_passed_on(const SymbolMention& mention, std::vector<Definition>& definitions) {
    std::vector<std::int64_t> chunks;
    MIRA_TRY(index_.each(
        "SELECT c.chunk_id FROM passed_on p JOIN code_chunks c ON c.file_id = p.file_id AND p.line BETWEEN "
        "c.start_line AND c.end_line JOIN repository_files f ON f.file_id = p.file_id WHERE p.name = ?1 "
        "LIMIT ?2",
        [&](const store::Row& row) {
          chunks.push_back(row.integer(0));
          definitions.push_back({{}, 1, false, false, ""});
        },
        mention.name, definitions_of_a_name));
    return place(chunks, definitions);
  }

  // Bodies before declarations; where no definition stands in the scope as written, any may be meant, but
  // less.
  void credit(const SymbolMention& mention, const std::vector<Definition>& definitions, bool scoped) {
    bool bodies = std::any_of(definitions.begin(), definitions.end(),
                              [&](const Definition& d) { return !d.declaration && d.in_scope == scoped; });
    for (const Definition& d : definitions) {
      if (d.in_scope != scoped || (!mention.explicit_ && d.share < 1)) continue;
      double share = d.share * (mention.explicit_ ? 1 : weights_.capitalised);
      if (!scoped && !d.qualified.empty()) share *= weights_.other_scope;
      if (d.declaration && bodies) share *= weights_.declaration;
      ChunkCandidate& chunk = at(d.spot);
      if (query_.kind == QueryKind::symbol) {
        chunk.asked = std::max(chunk.asked, share);
      } else {
        chunk.mentioned += share;
      }
      if (!d.qualified.empty()) {
        chunk.definition = d.qualified;
        chunk.definition_names = name_parts(d.qualified);
      }
      std::string_view does = d.qualified.empty() ? "passes on" : d.declaration ? "declares" : "defines";
      chunk.why = fmt::format("{} `{}`", does, mention.name);
    }
  }

  base::Status find_close() {
    for (const auto& [chunk_id, close] : *close_) {
      auto spot = MIRA_TRY(add(chunk_id));
      if (!spot) continue;
      ChunkCandidate& chunk = at(*spot);
      chunk.close = close;
      if (chunk.words <= 0 && chunk.why.empty()) chunk.why = "is close in meaning";
    }
    return {};
  }

  base::Status find_path(const PathMention& mention) {
    std::vector<std::int64_t> files = files_ending_so(mention.path);
    double share = mention.share;
    if (query_.report) share /= static_cast<double>(std::max<std::size_t>(files.size(), 1));
    int chunks = 0;
    for (std::int64_t file : files) {
      if (chunks >= chunks_of_a_named_file) break;
      std::vector<std::int64_t> lines;
      MIRA_TRY(index_.each(
          "SELECT c.chunk_id FROM repository_files f JOIN code_chunks c ON c.file_id = f.file_id"
          " WHERE f.file_id = ?1 AND (?2 = 0 OR ?2 BETWEEN c.start_line AND c.end_line OR c.start_line = 1)"
          " ORDER BY c.start_line LIMIT ?3",
          [&](const store::Row& row) { lines.push_back(row.integer(0)); }, file, mention.line,
          chunks_of_a_named_file - chunks));
      for (std::int64_t chunk_id : lines) {
        auto spot = MIRA_TRY(add(chunk_id));
        if (!spot) continue;
        ++chunks;
        found_.files[spot->file].named = std::max(found_.files[spot->file].named, share);
        ChunkCandidate& chunk = at(*spot);
        chunk.at_named_line =
            mention.line >= chunk.place->start_line && mention.line <= chunk.place->end_line;
        if (chunk.why.empty()) chunk.why = fmt::format("in `{}`, named in the query", mention.path);
      }
    }
    return {};
  }

  // "/usr/lib/python3/site-packages/tool/run.py" is tool/run.py here: the files that share the longest end
  // with what is written, all of it or at least a folder and the name. Shortest paths first.
  std::vector<std::int64_t> files_ending_so(std::string_view written) {
    std::vector<std::string_view> wanted = base::split(written, '/');
    std::vector<std::pair<std::size_t, std::int64_t>> files;  // length of the path, file
    std::size_t longest = std::min<std::size_t>(2, wanted.size());
    for (const auto& [file, path] : named_so_[std::string(wanted.back())]) {
      std::vector<std::string_view> has = base::split(path, '/');
      std::size_t same = 0;
      while (same < has.size() && same < wanted.size() &&
             has[has.size() - 1 - same] == wanted[wanted.size() - 1 - same])
        ++same;
      if (same < longest) continue;
      if (same > longest) files.clear();
      longest = same;
      files.emplace_back(path.size(), file);
    }
    std::sort(files.begin(), files.end());
    std::vector<std::int64_t> found;
    found.reserve(files.size());
    for (const auto& [length, file] : files) found.push_back(file);
    return found;
  }

  // The files whose names end a path of the query, in one walk over all.
  base::Status read_named_files() {
    if (query_.paths.empty()) return {};
    for (const PathMention& mention : query_.paths) named_so_[std::string(file_name(mention.path))];
    return index_.each("SELECT file_id, path FROM repository_files", [&](const store::Row& row) {
      auto known = named_so_.find(file_name(row.text(1)));
      if (known != named_so_.end()) known->second.emplace_back(row.integer(0), row.text(1));
    });
  }

  // A file without the words themselves comes in with its first lines.
  base::Status find_touched(const contracts::TouchedFile& touched) {
    std::optional<std::pair<std::int64_t, std::int64_t>> first;  // file, chunk
    MIRA_TRY(index_.each(
        "SELECT c.file_id, c.chunk_id FROM repository_files f JOIN code_chunks c ON c.file_id = f.file_id"
        " WHERE f.path = ?1 ORDER BY c.start_line LIMIT 1",
        [&](const store::Row& row) { first.emplace(row.integer(0), row.integer(1)); }, touched.path));
    if (!first) return {};
    if (!files_.contains(first->first)) {
      auto spot = MIRA_TRY(add(first->second));
      if (!spot) return {};
      at(*spot).why = fmt::format("in a file that commit {} changed: {}", touched.commit.substr(0, 10),
                                  base::display_line(touched.subject));
    }
    found_.files[files_.at(first->first)].touched = touched.share;
    return {};
  }

  store::Connection& index_;
  const TypedQuery& query_;
  const RankWeights& weights_;
  const Closeness* close_;
  const std::vector<contracts::TouchedFile>& touched_;
  std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>, std::less<>> named_so_;  // by name
  LexicalMatches matches_;
  Candidates found_;
  std::shared_ptr<Places> places_;
  std::unordered_map<std::int64_t, std::size_t> files_;
  std::unordered_map<std::int64_t, Spot> chunks_;
};

}  // namespace

base::Result<Candidates> gather_candidates(store::Connection& index, const TypedQuery& query,
                                           const RankWeights& weights, const Closeness* close,
                                           const std::vector<contracts::TouchedFile>& touched) {
  // One read transaction: one state of the index, and one lock instead of hundreds.
  bool own_transaction = index.run("BEGIN").has_value();
  base::Result<Candidates> found = Gatherer(index, query, weights, close, touched).run();
  if (own_transaction) (void)index.run("COMMIT");  // it only read
  return found;
}

}  // namespace mira::code
