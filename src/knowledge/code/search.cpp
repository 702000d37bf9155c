#include "knowledge/code/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "knowledge/code/search_chunks.h"
#include "knowledge/code/search_lexical.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/search_symbols.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t candidate_chunks = 300;
constexpr std::size_t filtered_candidate_chunks = 5000;  // filters come after the index, so more must come out of it
constexpr int definitions_of_a_name = 200;
constexpr int chunks_of_a_named_file = 40;
constexpr std::size_t prefix_letters = 4;  // words that share this many first letters are taken for related
constexpr double declaration_share = 0.5, other_scope_share = 0.5, capitalised_share = 0.5;

struct Candidate {
  SearchHit hit;
  double words = 0;  // BM25, higher is better
  double boost = 0;  // in units of the best BM25
  bool generated = false;
  std::string language;
};

bool is_related(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return a.size() >= prefix_letters && b.size() >= prefix_letters &&
         a.substr(0, prefix_letters) == b.substr(0, prefix_letters);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return base::to_lower(text).find(base::to_lower(part)) != std::string::npos;
}

class Searcher {
 public:
  Searcher(store::Connection& index, const TypedQuery& query, const SearchOptions& options)
      : index_(index), query_(query), weights_(options.weights), limit_(options.limit) {}

  base::Result<SearchAnswer> run() {
    MIRA_TRY(find_words());
    MIRA_TRY(find_definitions());
    MIRA_TRY(find_paths());
    score();
    return SearchAnswer{ordered(), std::move(not_defined_)};
  }

 private:
  bool has_filters() const {
    const QueryFilters& f = query_.filters;
    return !f.path.empty() || !f.language.empty() || !f.symbol.empty();
  }

  bool passes(const Candidate& c) const {
    const QueryFilters& f = query_.filters;
    if (!f.path.empty() && !contains_ignoring_case(c.hit.path, f.path)) return false;
    if (!f.language.empty() && c.language != base::to_lower(f.language)) return false;
    return f.symbol.empty() || contains_ignoring_case(c.hit.symbol, f.symbol);
  }

  // Columns: chunk_id, file_id, symbol, kind, start_line, end_line, path, language, generated.
  Candidate* add(const store::Row& row) {
    std::int64_t chunk_id = row.integer(0);
    if (auto known = by_chunk_.find(chunk_id); known != by_chunk_.end()) return &pool_[known->second];
    Candidate c;
    c.hit.file_id = row.integer(1);
    c.hit.symbol = row.text(2);
    c.hit.kind = row.text(3);
    c.hit.start_line = static_cast<int>(row.integer(4));
    c.hit.end_line = static_cast<int>(row.integer(5));
    c.hit.path = row.text(6);
    c.language = row.text(7);
    c.generated = row.integer(8) != 0;
    if (!passes(c)) return nullptr;
    by_chunk_.emplace(chunk_id, pool_.size());
    pool_.push_back(std::move(c));
    return &pool_.back();
  }

  double file_score(std::int64_t file_id) const {
    auto match = matches_.files.find(file_id);
    if (match == matches_.files.end()) return 0;
    return weights_.file_share * match->second.words + match->second.path;
  }

  base::Status find_words() {
    std::vector<QueryWord> words = query_.words;
    for (QueryWord& word : words) word.weight *= word.part ? weights_.part : 1;
    matches_ = MIRA_TRY(match_words(index_, words, weights_));
    for (ChunkMatch& match : matches_.chunks) match.score += file_score(file_of_chunk(match.chunk_id));
    std::size_t most = has_filters() ? filtered_candidate_chunks : candidate_chunks;
    most = std::min(most, matches_.chunks.size());
    std::partial_sort(matches_.chunks.begin(), matches_.chunks.begin() + static_cast<std::ptrdiff_t>(most),
                      matches_.chunks.end(), [](const ChunkMatch& a, const ChunkMatch& b) {
                        return a.score != b.score ? a.score > b.score : a.chunk_id < b.chunk_id;
                      });
    for (std::size_t i = 0; i < most; ++i) {
      MIRA_TRY(index_.each(
          "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
          " f.generated FROM code_chunks c JOIN repository_files f ON f.file_id = c.file_id WHERE c.chunk_id = ?",
          [&](const store::Row& row) {
            Candidate* c = add(row);
            if (c != nullptr) c->words = matches_.chunks[i].score;
          },
          matches_.chunks[i].chunk_id));
    }
    return {};
  }

  base::Status find_definitions() {
    for (const SymbolMention& mention : query_.symbols) MIRA_TRY(find_definition(mention));
    return {};
  }

  struct Definition {
    std::size_t candidate;
    double share;
    bool in_scope, declaration;
    std::string qualified;
  };

  base::Status find_definition(const SymbolMention& mention) {
    std::vector<Definition> found;
    MIRA_TRY(index_.each(
        "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
        " f.generated, e.qualified_name, e.kind, e.is_declaration FROM code_elements e"
        " JOIN code_chunks c ON c.file_id = e.file_id AND e.name_line BETWEEN c.start_line AND c.end_line"
        " JOIN repository_files f ON f.file_id = e.file_id WHERE e.name = ?1 LIMIT ?2",
        [&](const store::Row& row) {
          Candidate* c = add(row);
          if (c == nullptr) return;
          bool in_scope = is_in_scope(row.text(9), mention.scope);
          found.push_back({static_cast<std::size_t>(c - pool_.data()), kind_share(row.text(10)), in_scope,
                           row.integer(11) != 0, std::string(row.text(9))});
        },
        mention.name, definitions_of_a_name));
    if (found.empty() && mention.explicit_ && !has_filters()) not_defined_.push_back(mention.written);
    boost_definitions(mention, found);
    return {};
  }

  void boost_definitions(const SymbolMention& mention, const std::vector<Definition>& found) {
    auto any = [&](auto&& test) { return std::any_of(found.begin(), found.end(), test); };
    bool scoped = any([](const Definition& d) { return d.in_scope; });
    bool bodies = any([&](const Definition& d) { return !d.declaration && d.in_scope == scoped; });
    for (const Definition& d : found) {
      if (d.in_scope != scoped) continue;
      double boost =
          query_.kind == QueryKind::symbol ? weights_.asked_definition : weights_.mentioned_definition;
      boost *= d.share;
      if (d.declaration && bodies) boost *= declaration_share;
      if (!scoped) boost *= other_scope_share;
      if (!mention.explicit_) boost *= d.share < 1 ? 0 : capitalised_share;
      Candidate& c = pool_[d.candidate];
      if (boost <= 0) continue;
      c.boost += boost;
      c.hit.symbol = d.qualified;
      c.hit.why = fmt::format("defines `{}`", mention.written);
    }
  }

  base::Status find_paths() {
    for (const PathMention& mention : query_.paths) {
      MIRA_TRY(index_.each(
          "SELECT c.chunk_id, c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language,"
          " f.generated FROM repository_files f JOIN code_chunks c ON c.file_id = f.file_id"
          " WHERE (f.path = ?1 OR substr(f.path, -length(?2)) = ?2) AND (?3 = 0 OR ?3 BETWEEN c.start_line "
          "AND"
          " c.end_line OR c.start_line = 1) ORDER BY length(f.path), c.start_line LIMIT ?4",
          [&](const store::Row& row) {
            Candidate* c = add(row);
            if (c == nullptr) return;
            bool at_line = mention.line >= c->hit.start_line && mention.line <= c->hit.end_line;
            c->boost += at_line ? 1.5 * weights_.named_path : weights_.named_path;
            c->hit.why = fmt::format("in `{}`, named in the query", mention.path);
          },
          mention.path, "/" + mention.path, mention.line, chunks_of_a_named_file));
    }
    return {};
  }

  // Share of the query's words that the file's name or folders answer to.
  double path_share(std::string_view path) {
    if (query_.plain.empty()) return 0;
    std::vector<std::string> parts = base::split_identifier(file_stem(path));
    std::size_t hit = 0;
    for (const std::string& word : query_.plain) {
      hit += std::any_of(parts.begin(), parts.end(),
                         [&](const std::string& part) { return is_related(part, word); });
    }
    return static_cast<double>(hit) / static_cast<double>(query_.plain.size());
  }

  double place_factor(const Candidate& c) const {
    PathTraits traits = path_traits(c.hit.path);
    double factor = 1;
    if (traits.test && !query_.wants_tests) factor *= weights_.test;
    if (traits.example && !query_.wants_examples) factor *= weights_.example;
    if (traits.vendored) factor *= weights_.vendored;
    if (c.generated) factor *= weights_.generated;
    if (traits.data) factor *= weights_.data;
    if (traits.prose) factor *= weights_.prose;
    if (traits.type_declarations) factor *= weights_.type_declarations;
    if (traits.reexports && c.hit.symbol.empty()) factor *= weights_.reexports;
    return factor;
  }

  void score() {
    double top = matches_.chunks.empty() ? 1 : std::max(matches_.chunks.front().score, 1e-9);
    for (Candidate& c : pool_) {
      double boost = c.boost + weights_.path_words * path_share(c.hit.path);
      c.hit.score = (c.words + top * boost) * place_factor(c);
    }
  }

  std::vector<SearchHit> ordered() {
    std::unordered_map<std::int64_t, std::vector<std::size_t>> files;
    for (std::size_t i = 0; i < pool_.size(); ++i) files[pool_[i].hit.file_id].push_back(i);
    for (auto& [file, members] : files) {
      std::sort(members.begin(), members.end(),
                [&](std::size_t a, std::size_t b) { return pool_[a].hit.score > pool_[b].hit.score; });
      double others = 0;
      for (std::size_t rank = 1; rank < members.size(); ++rank) others += pool_[members[rank]].hit.score;
      pool_[members.front()].hit.score += weights_.many_hits * others;
      double decay = weights_.further_chunk;
      for (std::size_t rank = 1; rank < members.size(); ++rank, decay *= weights_.further_chunk) {
        pool_[members[rank]].hit.score *= decay;
      }
    }
    std::vector<SearchHit> hits;
    for (Candidate& c : pool_) hits.push_back(std::move(c.hit));
    std::sort(hits.begin(), hits.end(), [](const SearchHit& a, const SearchHit& b) {
      if (a.score != b.score) return a.score > b.score;
      return a.path != b.path ? a.path < b.path : a.start_line < b.start_line;
    });
    if (hits.size() > static_cast<std::size_t>(std::max(limit_, 0)))
      hits.resize(static_cast<std::size_t>(limit_));
    for (SearchHit& hit : hits) {
      if (hit.why.empty()) hit.why = "words of the query";
    }
    return hits;
  }

  store::Connection& index_;
  const TypedQuery& query_;
  const RankWeights& weights_;
  int limit_;
  LexicalMatches matches_;
  std::vector<Candidate> pool_;
  std::vector<std::string> not_defined_;
  std::unordered_map<std::int64_t, std::size_t> by_chunk_;
};

}  // namespace

base::Result<SearchAnswer> search(store::Connection& index, const TypedQuery& query,
                                  const SearchOptions& options) {
  return Searcher(index, query, options).run();
}

}  // namespace mira::code
