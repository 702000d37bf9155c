#include "knowledge/code/search_gather.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/search_chunks.h"
#include "knowledge/code/search_symbols.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t candidate_chunks = 300;
constexpr std::size_t filtered_candidate_chunks =
    5000;  // filters come after the index, so more come out of it
constexpr int definitions_of_a_name = 200;
constexpr int chunks_of_a_named_file = 40;

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return base::to_lower(text).find(base::to_lower(part)) != std::string::npos;
}

class Gatherer {
 public:
  Gatherer(store::Connection& index, const TypedQuery& query, const RankWeights& weights,
           const Closeness* close, const std::vector<contracts::TouchedFile>& touched)
      : index_(index), query_(query), weights_(weights), close_(close), touched_(touched) {}

  base::Result<Candidates> run() {
    MIRA_TRY(find_words());
    for (const SymbolMention& mention : query_.symbols) MIRA_TRY(find_definitions(mention));
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

  // Columns: chunk_id, file_id, symbol, kind, start_line, end_line, path, language, generated.
  std::optional<Spot> add(const store::Row& row) {
    std::int64_t chunk_id = row.integer(0);
    if (auto known = chunks_.find(chunk_id); known != chunks_.end()) return known->second;
    const QueryFilters& f = query_.filters;
    if (!f.path.empty() && !contains_ignoring_case(row.text(6), f.path)) return std::nullopt;
    if (!f.language.empty() && row.text(7) != base::to_lower(f.language)) return std::nullopt;
    if (!f.symbol.empty() && !contains_ignoring_case(row.text(2), f.symbol)) return std::nullopt;
    std::size_t file = file_of(row);
    ChunkCandidate chunk;
    chunk.chunk_id = chunk_id;
    chunk.symbol = row.text(2);
    chunk.kind = row.text(3);
    chunk.start_line = static_cast<int>(row.integer(4));
    chunk.end_line = static_cast<int>(row.integer(5));
    found_.files[file].chunks.push_back(std::move(chunk));
    Spot spot{file, found_.files[file].chunks.size() - 1};
    chunks_.emplace(chunk_id, spot);
    return spot;
  }

  std::size_t file_of(const store::Row& row) {
    auto [known, fresh] = files_.try_emplace(row.integer(1), found_.files.size());
    if (!fresh) return known->second;
    FileCandidate file;
    file.file_id = row.integer(1);
    file.path = row.text(6);
    file.language = row.text(7);
    file.generated = row.integer(8) != 0;
    if (auto match = matches_.files.find(file.file_id); match != matches_.files.end())
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
    for (const ChunkMatch& match : best_matches()) {
      MIRA_TRY(index_.each(
          "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
          " f.generated FROM code_chunks c JOIN repository_files f ON f.file_id = c.file_id WHERE c.chunk_id "
          "= ?",
          [&](const store::Row& row) {
            if (auto spot = add(row)) at(*spot).words = match.score;
          },
          match.chunk_id));
    }
    return {};
  }

  // The chunks worth a closer look: by their own words and by their file's.
  std::vector<ChunkMatch> best_matches() const {
    auto total = [&](const ChunkMatch& match) {
      const FileMatch& file = matches_.files.at(file_of_chunk(match.chunk_id));
      return match.score + weights_.file_share * file.words + file.path;
    };
    std::vector<std::pair<double, std::size_t>> order;
    order.reserve(matches_.chunks.size());
    for (std::size_t i = 0; i < matches_.chunks.size(); ++i)
      order.emplace_back(-total(matches_.chunks[i]), i);
    std::size_t most = std::min(has_filters() ? filtered_candidate_chunks : candidate_chunks, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end());
    std::vector<ChunkMatch> best;
    best.reserve(most);
    for (std::size_t i = 0; i < most; ++i) best.push_back(matches_.chunks[order[i].second]);
    return best;
  }

  struct Definition {
    Spot spot;
    double share;
    bool in_scope, declaration;
    std::string qualified;  // "" where it is no definition of the project
  };

  base::Status find_definitions(const SymbolMention& mention) {
    std::vector<Definition> definitions;
    MIRA_TRY(index_.each(
        "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
        " f.generated, e.qualified_name, e.kind, e.is_declaration FROM code_elements e"
        " JOIN code_chunks c ON c.file_id = e.file_id AND e.name_line BETWEEN c.start_line AND c.end_line"
        " JOIN repository_files f ON f.file_id = e.file_id WHERE e.name = ?1 LIMIT ?2",
        [&](const store::Row& row) {
          if (auto spot = add(row)) {
            definitions.push_back({*spot, kind_share(row.text(10)), is_in_scope(row.text(9), mention.scope),
                                   row.integer(11) != 0, std::string(row.text(9))});
          }
        },
        mention.name, definitions_of_a_name));
    bool defined =
        std::any_of(definitions.begin(), definitions.end(), [](const auto& d) { return d.in_scope; });
    if (!defined && mention.explicit_ && !has_filters()) found_.not_defined.push_back(mention.written);
    if (definitions.empty()) MIRA_TRY(find_passed_on(mention, definitions));
    credit(mention, definitions, defined);
    return {};
  }

  // A name of another package has its place where the project gives it on as its own.
  base::Status find_passed_on(const SymbolMention& mention, std::vector<Definition>& definitions) {
    return index_.each(
        "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
        " f.generated FROM passed_on p JOIN code_chunks c ON c.file_id = p.file_id AND p.line BETWEEN "
        "c.start_line AND c.end_line JOIN repository_files f ON f.file_id = p.file_id WHERE p.name = ?1 "
        "LIMIT "
        "?2",
        [&](const store::Row& row) {
          if (auto spot = add(row)) definitions.push_back({*spot, 1, false, false, ""});
        },
        mention.name, definitions_of_a_name);
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
      if (!d.qualified.empty()) chunk.symbol = d.qualified;
      std::string_view does = d.qualified.empty() ? "passes on" : d.declaration ? "declares" : "defines";
      chunk.why = fmt::format("{} `{}`", does, mention.name);
    }
  }

  base::Status find_close() {
    for (const auto& [chunk_id, close] : *close_) {
      MIRA_TRY(index_.each(
          "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
          " f.generated FROM code_chunks c JOIN repository_files f ON f.file_id = c.file_id WHERE c.chunk_id "
          "= ?",
          [&](const store::Row& row) {
            auto spot = add(row);
            if (!spot) return;
            ChunkCandidate& chunk = at(*spot);
            chunk.close = close;
            if (chunk.words <= 0 && chunk.why.empty()) chunk.why = "is close in meaning";
          },
          chunk_id));
    }
    return {};
  }

  base::Status find_path(const PathMention& mention) {
    return index_.each(
        "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
        " f.generated FROM repository_files f JOIN code_chunks c ON c.file_id = f.file_id"
        " WHERE (f.path = ?1 OR substr(f.path, -length(?2)) = ?2) AND (?3 = 0 OR ?3 BETWEEN c.start_line AND"
        " c.end_line OR c.start_line = 1) ORDER BY length(f.path), c.start_line LIMIT ?4",
        [&](const store::Row& row) {
          auto spot = add(row);
          if (!spot) return;
          found_.files[spot->file].named = true;
          ChunkCandidate& chunk = at(*spot);
          chunk.at_named_line = mention.line >= chunk.start_line && mention.line <= chunk.end_line;
          if (chunk.why.empty()) chunk.why = fmt::format("in `{}`, named in the query", mention.path);
        },
        mention.path, "/" + mention.path, mention.line, chunks_of_a_named_file);
  }

  // A file without the words themselves comes in with its first lines.
  base::Status find_touched(const contracts::TouchedFile& touched) {
    return index_.each(
        "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
        " f.generated FROM repository_files f JOIN code_chunks c ON c.file_id = f.file_id WHERE f.path = ?1"
        " ORDER BY c.start_line LIMIT 1",
        [&](const store::Row& row) {
          auto known = files_.find(row.integer(1));
          if (known == files_.end()) {
            auto spot = add(row);
            if (!spot) return;
            at(*spot).why = fmt::format("in a file that commit {} changed: {}", touched.commit.substr(0, 10),
                                        base::display_line(touched.subject));
            known = files_.find(row.integer(1));
          }
          found_.files[known->second].touched = touched.share;
        },
        touched.path);
  }

  store::Connection& index_;
  const TypedQuery& query_;
  const RankWeights& weights_;
  const Closeness* close_;
  const std::vector<contracts::TouchedFile>& touched_;
  LexicalMatches matches_;
  Candidates found_;
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
