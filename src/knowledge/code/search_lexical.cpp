#include "knowledge/code/search_lexical.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "knowledge/code/search_chunks.h"
#include "platform/store/full_text.h"
#include "platform/store/word_hits.h"

namespace mira::code {
namespace {

// Columns of code_words.
enum Column : std::size_t { name, signature, doc, body, path, column_count };

struct Hit {
  std::uint32_t row = 0;
  std::uint16_t word = 0;
  std::uint8_t in_path = 0;  // occurrences in the path: 2 in its last part, 1 in a folder
  float count = 0;           // weighted occurrences in the other fields
};

class Matcher {
 public:
  Matcher(store::Connection& index, const std::vector<QueryWord>& words, const RankWeights& weights)
      : index_(index), words_(words), weights_(weights) {}

  base::Result<LexicalMatches> run() {
    std::vector<std::string> texts;
    texts.reserve(words_.size());
    for (const QueryWord& word : words_) texts.push_back(word.text);
    std::string match = store::match_expression(texts, store::Combine::any);
    LexicalMatches matches;
    if (match.empty()) return matches;
    MIRA_TRY(read_totals(match));
    MIRA_TRY(read_hits(match));
    weigh_words();
    score_chunks(matches);
    score_files(matches);
    matches.worth = std::move(worth_);
    return matches;
  }

 private:
  base::Status read_totals(const std::string& match) {
    return index_.each(
        "SELECT word_totals(code_words) FROM code_words WHERE code_words MATCH ? LIMIT 1",
        [&](const store::Row& row) {
          store::WordTotals totals = store::read_word_totals(row.blob(0));
          chunks_ = static_cast<double>(totals.rows);
          for (std::size_t c = 0; c < column_count && c < totals.words_in.size(); ++c) {
            average_[c] = std::max(1.0, static_cast<double>(totals.words_in[c]) / std::max(1.0, chunks_));
          }
        },
        match);
  }

  base::Status read_hits(const std::string& match) {
    auto lengths = MIRA_TRY(store::KeptLengths::of(index_, "code_words"));
    return index_.each(
        "SELECT rowid, word_hits(code_words) FROM code_words WHERE code_words MATCH ?",
        [&](const store::Row& row) {
          store::WordHits hits(row.blob(1));
          if (hits.columns() != column_count) return;
          rows_.push_back(row.integer(0));
          take(hits, static_cast<std::uint32_t>(rows_.size() - 1));
        },
        match);
  }

  double normalised(const store::WordHits& hits, std::size_t hit, Column column, double weight) const {
    double count = hits.count(hit, column);
    if (count == 0) return 0;
    double length = hits.words_in(column) / average_[column];
    return weight * count / (1 - weights_.length_share + weights_.length_share * length);
  }

  void take(const store::WordHits& hits, std::uint32_t row) {
    for (std::size_t i = 0; i < hits.size(); ++i) {
      Hit hit{row, hits.word(i), hits.count(i, path), 0};
      hit.count = static_cast<float>(normalised(hits, i, body, weights_.body));
      hit.count += static_cast<float>(weights_.name * hits.count(i, name) +
                                      weights_.signature * std::min<int>(hits.count(i, signature), 3));
      hit.count += static_cast<float>(weights_.doc * std::min<int>(hits.count(i, doc), 3));
      hits_.push_back(hit);
    }
  }

  void weigh_words() {
    std::vector<double> chunks_with(words_.size(), 0);
    for (const Hit& hit : hits_) chunks_with[hit.word] += 1;
    worth_.resize(words_.size());
    for (std::size_t word = 0; word < words_.size(); ++word) {
      double idf = std::log(1 + (chunks_ - chunks_with[word] + 0.5) / (chunks_with[word] + 0.5));
      worth_[word] = words_[word].weight * std::max(idf, 0.0);
    }
  }

  void score_chunks(LexicalMatches& matches) const {
    for (std::int64_t row : rows_) matches.chunks.push_back({row, 0});
    for (const Hit& hit : hits_) {
      matches.chunks[hit.row].score += worth_[hit.word] * hit.count / (hit.count + weights_.saturation);
    }
  }

  // Hits come in order of rows, and the rows of a file follow each other.
  void score_files(LexicalMatches& matches) const {
    std::vector<double> counts(words_.size()), in_path(words_.size());
    for (std::size_t at = 0; at < hits_.size();) {
      std::int64_t file = file_of_chunk(rows_[hits_[at].row]);
      std::fill(counts.begin(), counts.end(), 0);
      std::fill(in_path.begin(), in_path.end(), 0);
      for (; at < hits_.size() && file_of_chunk(rows_[hits_[at].row]) == file; ++at) {
        counts[hits_[at].word] += hits_[at].count;
        in_path[hits_[at].word] = hits_[at].in_path;
      }
      FileMatch& match = matches.files[file];
      for (std::size_t word = 0; word < words_.size(); ++word) {
        match.words += worth_[word] * counts[word] / (counts[word] + weights_.file_saturation);
        match.path +=
            worth_[word] * (in_path[word] >= 2 ? weights_.path_stem : in_path[word] * weights_.path_folder);
      }
    }
  }

  store::Connection& index_;
  const std::vector<QueryWord>& words_;
  const RankWeights& weights_;
  double chunks_ = 0;
  std::array<double, column_count> average_{1, 1, 1, 1, 1};
  std::vector<std::int64_t> rows_;
  std::vector<Hit> hits_;
  std::vector<double> worth_;  // idf x weight of each word
};

}  // namespace

base::Result<LexicalMatches> match_words(store::Connection& index, const std::vector<QueryWord>& words,
                                         const RankWeights& weights) {
  return Matcher(index, words, weights).run();
}

}  // namespace mira::code
