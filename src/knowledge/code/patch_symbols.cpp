#include "knowledge/code/patch_symbols.h"

#include <algorithm>
#include <map>

#include "knowledge/code/extract.h"
#include "knowledge/code/languages.h"
#include "knowledge/code/parse_worker.h"
#include "knowledge/code/resolve_keys.h"
#include "platform/base/limits.h"
#include "platform/process/worker.h"

namespace mira::code {
namespace {

using SymbolKey = std::tuple<std::string, SymbolKind, int>;  // qualified name, kind, ordinal

bool is_told(const Symbol& symbol) {
  return runs_code(symbol.kind) || is_class_like(symbol.kind) || symbol.kind == SymbolKind::macro ||
         symbol.kind == SymbolKind::type_alias;
}

std::map<SymbolKey, const Symbol*> by_key(const Facts& facts) {
  std::map<SymbolKey, const Symbol*> out;
  for (const Symbol& symbol : facts.symbols) {
    if (!is_told(symbol)) continue;
    int ordinal = 0;
    while (!out.try_emplace({symbol.qualified, symbol.kind, ordinal}, &symbol).second) ++ordinal;
  }
  return out;
}

// Names of parameters count where calls may write them.
bool same_parameter(const Parameter& a, const Parameter& b, bool by_name) {
  return a.type == b.type && a.variadic == b.variadic && (!by_name || a.name == b.name) &&
         (!a.has_default || b.has_default);
}

bool breaks_calls(const Symbol& before, const Symbol& now, bool by_name) {
  if (before.type != now.type || before.is_static != now.is_static) return true;
  if (before.visibility != now.visibility && now.visibility != Visibility::public_) return true;
  if (now.parameters.size() < before.parameters.size()) return true;
  for (std::size_t i = 0; i < now.parameters.size(); ++i) {
    const Parameter& one = now.parameters[i];
    if (i >= before.parameters.size()) {
      if (!one.has_default && !one.variadic) return true;
    } else if (!same_parameter(before.parameters[i], one, by_name)) {
      return true;
    }
  }
  return false;
}

bool same_signature(const Symbol& a, const Symbol& b) {
  return a.signature == b.signature && a.bases == b.bases && a.decorators == b.decorators;
}

}  // namespace

base::Result<std::vector<Facts>> parse_here(std::string_view language,
                                            const std::vector<std::string_view>& texts) {
  std::vector<Facts> out;
  out.reserve(texts.size());
  for (std::string_view text : texts) out.push_back(extract(text, language));
  return out;
}

base::Result<std::vector<Facts>> parse_in_workers(std::string_view language,
                                                  const std::vector<std::string_view>& texts) {
  process::PoolOptions options{.worker_name = "parse"};
  options.job_wall_ms = limits::parse_wall_ms;
  options.memory_bytes = limits::worker_memory_bytes;
  options.workers = 1;
  auto pool = MIRA_TRY(process::WorkerPool::start(std::move(options)));
  std::vector<Facts> out(texts.size());
  MIRA_TRY(pool->run(
      texts.size(), [&](std::size_t i) { return parse_request(language, texts[i]); },
      [&](std::size_t i, const process::JobResult& result) {
        auto facts =
            result.fate == process::JobFate::done ? decode(result.reply) : base::Result<Facts>(Facts{});
        out[i] = facts ? std::move(*facts) : Facts{};
      },
      base::Deadline::never()));
  return out;
}

base::Result<std::vector<SymbolChange>> changed_symbols(const std::string& path, std::string_view before,
                                                        std::string_view now, const ParseTexts& parse) {
  std::vector<SymbolChange> out;
  const Language* language = language_of(path, now.empty() ? before : now);
  if (language == nullptr || language->depth == Depth::text) return out;
  std::vector<Facts> facts = MIRA_TRY(parse(language->name, {before, now}));
  bool by_name = language->name == "python";
  std::map<SymbolKey, const Symbol*> old_ones = by_key(facts[0]), new_ones = by_key(facts[1]);
  auto add = [&](const Symbol& symbol, std::string_view what, bool breaks, std::string was, std::string is) {
    bool gone = what == "removed";
    out.push_back({path, symbol.qualified, std::string(kind_name(symbol.kind)), what, breaks, std::move(was),
                   std::move(is), gone ? 0 : symbol.name_line});
  };
  for (const auto& [key, symbol] : new_ones) {
    auto old_one = old_ones.find(key);
    if (old_one == old_ones.end()) {
      add(*symbol, "added", false, {}, symbol->signature);
    } else if (!same_signature(*old_one->second, *symbol)) {
      bool breaks = runs_code(symbol->kind)
                        ? breaks_calls(*old_one->second, *symbol, by_name)
                        : old_one->second->bases != symbol->bases || symbol->kind == SymbolKind::macro ||
                              symbol->kind == SymbolKind::type_alias;
      add(*symbol, "signature", breaks, old_one->second->signature, symbol->signature);
    } else if (old_one->second->body_hash != symbol->body_hash && !is_class_like(symbol->kind)) {
      add(*symbol, "body", false, {}, {});
    }
  }
  for (const auto& [key, symbol] : old_ones)
    if (!new_ones.contains(key)) add(*symbol, "removed", true, symbol->signature, {});
  std::ranges::stable_sort(out, {}, &SymbolChange::line);
  return out;
}

}  // namespace mira::code
