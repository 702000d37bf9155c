#include "knowledge/code/semantics/clusters.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "knowledge/code/semantics/louvain.h"

namespace mira::semantics {
namespace {

// What ties two files: calls count by their logarithm, so that one busy pair does not decide.
constexpr double per_call = 1.0, per_import = 1.5, shared_words = 1.5;
constexpr double in_folder = 1.0, in_outer_folder = 0.5;  // to the folder, and from folder to folder above
constexpr std::size_t most_alike = 5;                     // files tied by their words, for each file
constexpr std::size_t telling_words_of_a_file = 20;
constexpr double least_alike = 0.15;
constexpr std::size_t most_files_of_a_word = 200;  // a word of more files ties none of them
constexpr std::size_t most_words = 8, name_words = 2;

using FilePair = std::pair<std::int32_t, std::int32_t>;

struct Tie {
  std::int64_t calls = 0, imports = 0;
  double alike = 0;
  double weight() const {
    return per_call * std::log2(1 + static_cast<double>(calls)) + (imports > 0 ? per_import : 0) +
           shared_words * alike;
  }
};

class Clusterer {
 public:
  Clusterer(store::Connection& index, const ConceptIndex& concepts) : index_(index), concepts_(concepts) {}

  base::Result<std::vector<Cluster>> run() {
    for (std::size_t i = 0; i < concepts_.files.size(); ++i)
      place_[concepts_.files[i].path] = static_cast<std::int32_t>(i);
    MIRA_TRY(read_calls());
    MIRA_TRY(read_imports());
    MIRA_TRY(read_before());
    compare_words();
    group();
    name();
    return std::move(out_);
  }

 private:
  void tie(std::string_view a, std::string_view b, std::int64_t calls, std::int64_t imports) {
    auto from = place_.find(std::string(a)), to = place_.find(std::string(b));
    if (from == place_.end() || to == place_.end() || from == to) return;
    Tie& one = ties_[std::minmax(from->second, to->second)];
    one.calls += calls;
    one.imports += imports;
  }

  base::Status read_calls() {
    return index_.each(
        "SELECT a.path, b.path, g.calls FROM (SELECT c.file_id AS caller, e.file_id AS callee, count(*) AS "
        "calls"
        " FROM call_graph c JOIN code_elements e ON e.element_id = c.callee_id WHERE c.tier IN ('proved',"
        " 'inferred') AND e.file_id <> c.file_id GROUP BY c.file_id, e.file_id) g"
        " JOIN repository_files a ON a.file_id = g.caller JOIN repository_files b ON b.file_id = g.callee",
        [&](const store::Row& row) { tie(row.text(0), row.text(1), row.integer(2), 0); });
  }

  base::Status read_imports() {
    return index_.each(
        "SELECT f.path, d.target_path FROM external_dependencies d JOIN repository_files f USING(file_id)"
        " WHERE d.kind = 'local' AND d.target_path <> ''",
        [&](const store::Row& row) { tie(row.text(0), row.text(1), 0, 1); });
  }

  // The clusters as they are stored: the new ones stay true to them.
  base::Status read_before() {
    before_.assign(concepts_.files.size(), -1);
    return index_.each("SELECT path, cluster_id FROM domain_cluster_members", [&](const store::Row& row) {
      auto known = place_.find(std::string(row.text(0)));
      if (known != place_.end())
        before_[static_cast<std::size_t>(known->second)] = static_cast<std::int32_t>(row.integer(1));
    });
  }

  // The words that say most of a file, as a vector of length 1.
  std::vector<std::pair<std::int32_t, double>> telling(const FileConcepts& file) const {
    auto all = static_cast<double>(concepts_.files.size());
    std::vector<std::pair<std::int32_t, double>> words;
    for (const auto& [place, strength] : file.words) {
      auto files = static_cast<double>(concepts_.concepts[static_cast<std::size_t>(place)].files);
      words.emplace_back(place, std::log(1 + strength) * std::log(1 + all / files));
    }
    std::ranges::sort(words, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (words.size() > telling_words_of_a_file) words.resize(telling_words_of_a_file);
    double squares = 0;
    for (const auto& [place, weight] : words) squares += weight * weight;
    for (auto& [place, weight] : words) weight /= std::sqrt(std::max(squares, 1e-12));
    return words;
  }

  void compare_words() {
    std::vector<std::vector<std::pair<std::int32_t, double>>> of_file;
    std::map<std::int32_t, std::vector<std::pair<std::int32_t, double>>> holders;
    for (const FileConcepts& file : concepts_.files) {
      auto number = static_cast<std::int32_t>(of_file.size());
      of_file.push_back(telling(file));
      for (const auto& [place, weight] : of_file.back()) holders[place].emplace_back(number, weight);
    }
    for (std::size_t i = 0; i < of_file.size(); ++i) {
      std::map<std::int32_t, double> alike;
      for (const auto& [place, weight] : of_file[i]) {
        const auto& others = holders[place];
        if (others.size() > most_files_of_a_word) continue;
        for (const auto& [other, its_weight] : others)
          if (other != static_cast<std::int32_t>(i)) alike[other] += weight * its_weight;
      }
      std::vector<std::pair<double, std::int32_t>> best;
      for (const auto& [other, cosine] : alike)
        if (cosine >= least_alike) best.emplace_back(-cosine, other);
      std::ranges::sort(best);
      if (best.size() > most_alike) best.resize(most_alike);
      for (const auto& [cosine, other] : best)
        ties_[std::minmax(static_cast<std::int32_t>(i), other)].alike = -cosine;
    }
  }

  // Folders take part as nodes of their own: a folder of a thousand files has a thousand ties, not half a
  // million.
  void add_folders(std::vector<WeightedEdge>& edges, std::int32_t& nodes) const {
    std::map<std::string, std::int32_t> folders;
    auto node_of = [&](const std::string& folder) {
      auto [known, fresh] = folders.try_emplace(folder, nodes);
      if (fresh) ++nodes;
      return std::pair{known->second, fresh};
    };
    for (std::size_t i = 0; i < concepts_.files.size(); ++i) {
      std::string folder = above(concepts_.files[i].path);
      if (folder.empty()) continue;
      auto [node, fresh] = node_of(folder);
      edges.push_back({static_cast<std::int32_t>(i), node, in_folder});
      while (fresh) {
        folder = above(folder);
        if (folder.empty()) break;
        std::int32_t inner = node;
        std::tie(node, fresh) = node_of(folder);
        edges.push_back({inner, node, in_outer_folder});
      }
    }
  }
  static std::string above(const std::string& path) {
    std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
  }

  void group() {
    std::vector<WeightedEdge> edges;
    edges.reserve(ties_.size());
    for (const auto& [ends, tie] : ties_) edges.push_back({ends.first, ends.second, tie.weight()});
    auto files = static_cast<std::int32_t>(concepts_.files.size()), nodes = files;
    add_folders(edges, nodes);
    before_.resize(static_cast<std::size_t>(nodes), -1);
    community_ = communities(nodes, edges, before_);
    std::map<std::int32_t, std::vector<std::int32_t>> members;
    for (std::int32_t file = 0; file < files; ++file)
      members[community_[static_cast<std::size_t>(file)]].push_back(file);
    std::map<std::int32_t, std::size_t> cluster_of;
    for (const auto& [community, its_files] : members) {
      if (its_files.size() < 2) continue;
      cluster_of[community] = out_.size();
      Cluster& cluster = out_.emplace_back();
      for (std::int32_t file : its_files)
        cluster.paths.push_back(concepts_.files[static_cast<std::size_t>(file)].path);
    }
    measure(cluster_of);
  }

  void measure(const std::map<std::int32_t, std::size_t>& cluster_of) {
    std::vector<double> inside(out_.size(), 0), all(out_.size(), 0);
    for (const auto& [ends, tie] : ties_) {
      std::int32_t from = community_[static_cast<std::size_t>(ends.first)];
      std::int32_t to = community_[static_cast<std::size_t>(ends.second)];
      if (auto one = cluster_of.find(from); one != cluster_of.end()) {
        all[one->second] += tie.weight();
        if (from == to) {
          inside[one->second] += tie.weight();
          out_[one->second].calls += tie.calls;
          out_[one->second].imports += tie.imports;
        }
      }
      if (auto one = cluster_of.find(to); one != cluster_of.end() && from != to)
        all[one->second] += tie.weight();
    }
    for (std::size_t i = 0; i < out_.size(); ++i)
      out_[i].cohesion = all[i] > 0 ? static_cast<std::int32_t>(std::lround(1000 * inside[i] / all[i])) : 0;
  }

  // The words that are frequent in its files and rare in the other clusters.
  void name() {
    std::vector<std::map<std::int32_t, double>> words(out_.size());
    std::map<std::int32_t, std::int64_t> clusters_with;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      for (const std::string& path : out_[i].paths) {
        const FileConcepts& file = concepts_.files[static_cast<std::size_t>(place_.at(path))];
        for (const auto& [place, strength] : file.words) words[i][place] += std::log(1 + strength);
      }
      for (const auto& [place, weight] : words[i]) ++clusters_with[place];
    }
    std::set<std::string> taken;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      std::vector<std::pair<double, std::int32_t>> order;
      for (const auto& [place, weight] : words[i]) {
        double rare =
            std::log(1 + static_cast<double>(out_.size()) / static_cast<double>(clusters_with[place]));
        order.emplace_back(-weight * rare, place);
      }
      std::ranges::sort(order);
      for (const auto& [weight, place] : order) {
        if (out_[i].words.size() == most_words) break;
        out_[i].words.push_back(concepts_.concepts[static_cast<std::size_t>(place)].name);
      }
      out_[i].name = free_name(out_[i], taken);
      taken.insert(out_[i].name);
    }
  }

  static std::string free_name(const Cluster& cluster, const std::set<std::string>& taken) {
    std::string name;
    for (std::size_t i = 0; i < cluster.words.size(); ++i) {
      name += (i == 0 ? "" : " ") + cluster.words[i];
      if (i + 1 >= name_words && !taken.contains(name)) return name;
    }
    if (!name.empty() && !taken.contains(name)) return name;
    return name.empty() ? cluster.paths.front() : name + " (" + cluster.paths.front() + ")";
  }

  store::Connection& index_;
  const ConceptIndex& concepts_;
  std::unordered_map<std::string, std::int32_t> place_;
  std::map<FilePair, Tie> ties_;
  std::vector<std::int32_t> before_, community_;  // by node: files, then folders
  std::vector<Cluster> out_;
};

}  // namespace

base::Result<std::vector<Cluster>> find_clusters(store::Connection& index, const ConceptIndex& concepts) {
  return Clusterer(index, concepts).run();
}

}  // namespace mira::semantics
