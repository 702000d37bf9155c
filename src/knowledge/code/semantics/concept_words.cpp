#include "knowledge/code/semantics/concept_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/base/text.h"

namespace mira::semantics {
namespace {

// An ending falls when at least so many letters stay, a vowel among them.
struct Ending {
  std::string_view text;
  std::size_t least_left;
};
constexpr std::array<Ending, 19> endings = {{{"ations", 4},
                                             {"ation", 4},
                                             {"ators", 4},
                                             {"ating", 4},
                                             {"ator", 4},
                                             {"ated", 4},
                                             {"ates", 4},
                                             {"ings", 3},
                                             {"ions", 4},
                                             {"ate", 4},
                                             {"ers", 4},
                                             {"ors", 4},
                                             {"ing", 3},
                                             {"ion", 4},
                                             {"er", 4},
                                             {"or", 4},
                                             {"ed", 3},
                                             {"es", 3},
                                             {"s", 3}}};
constexpr std::size_t shortest_stemmed = 4;
constexpr std::string_view vowels = "aeiouy";

// Words of every program: they say how code is written, not what it is about.
constexpr std::array<std::string_view, 83> words_of_every_program = {
    {"add",     "all",     "any",    "arg",    "args",   "argument", "arguments", "auto",   "base",
     "bool",    "boolean", "break",  "case",   "char",   "const",    "create",    "cur",    "current",
     "def",     "default", "do",     "double", "each",   "else",     "end",       "enum",   "err",
     "false",   "first",   "float",  "foo",    "for",    "func",     "get",       "given",  "has",
     "helper",  "if",      "impl",   "info",   "init",   "inner",    "int",       "is",     "kwargs",
     "last",    "len",     "long",   "main",   "make",   "misc",     "name",      "names",  "new",
     "next",    "none",    "null",   "num",    "obj",    "out",      "param",     "params", "prev",
     "private", "ptr",     "public", "ret",    "return", "returns",  "self",      "set",    "static",
     "std",     "str",     "struct", "this",   "tmp",    "true",     "use",       "util",   "utils",
     "val",     "value"}};

bool is_vowel(char c) {
  return vowels.find(c) != std::string_view::npos;
}

bool has_vowel(std::string_view text) {
  return text.find_first_of(vowels) != std::string_view::npos;
}

bool ends_falsely(std::string_view word, std::string_view ending) {
  if (ending == "s") return word.ends_with("ss") || word.ends_with("us") || word.ends_with("is");
  return ending == "ed" && word.ends_with("eed");
}

// An s at the end is a plural once; what is left of "parser" ends in one that is not.
bool drop_ending(std::string& word, bool again) {
  if (word.size() < shortest_stemmed) return false;
  if (word.size() > shortest_stemmed && word.ends_with("ies")) {
    word.resize(word.size() - 2);
    return true;
  }
  for (const Ending& one : endings) {
    if (!word.ends_with(one.text) || ends_falsely(word, one.text)) continue;
    if (again && (one.text == "s" || one.text == "es")) continue;
    std::size_t left = word.size() - one.text.size();
    if (left < one.least_left || !has_vowel(std::string_view(word).substr(0, left))) continue;
    word.resize(left);
    return true;
  }
  return false;
}

// "mapp" -> "map", "cache" -> "cach", "query" -> "queri".
void fold_end(std::string& word, bool was_longer) {
  std::size_t size = word.size();
  if (was_longer && size > 3 && word[size - 1] == word[size - 2] && !is_vowel(word[size - 1]) &&
      std::string_view("lsz").find(word[size - 1]) == std::string_view::npos)
    word.pop_back();
  if (word.size() > 3 && word.back() == 'e') word.pop_back();
  if (word.size() > 3 && word.back() == 'y' && !is_vowel(word[word.size() - 2])) word.back() = 'i';
}

constexpr std::string_view groups_text[] = {
    "access: permission permissions role roles policy acl privilege grant authorization authorize allow deny",
    "account: user profile signup registration register member",
    "address: addr host hostname ip ipv4 ipv6 port",
    "allocation: alloc allocator malloc free arena pool heap memory",
    "animation: animate transition easing tween frame",
    "archive: zip tar gzip unzip extract",
    "argument parsing: argparse option flag cli getopt usage",
    "assertion: assert expect matcher check verify",
    "audio: sound volume sample pcm codec",
    "authentication: auth login logout signin session token jwt oauth sso password passwd credential "
    "credentials",
    "backup: restore snapshot dump",
    "batch: bulk chunk",
    "benchmark: perf performance profiler profile timing",
    "binding: bind ffi wrapper native",
    "buffer: buf ring fifo",
    "build: compile compiler make bundle bundler link linker",
    "cache: caching memo memoize lru evict eviction invalidate ttl",
    "calendar: date day month week year timezone",
    "callback: hook handler listener delegate",
    "certificate: cert tls ssl x509 pem ca handshake",
    "chart: plot graph axis",
    "checksum: crc hash digest sha md5 fingerprint",
    "clock: time timestamp now tick",
    "collection: list set map dict vector",
    "command: cmd cli shell subcommand",
    "compression: compress decompress deflate inflate gzip zlib zstd brotli snappy",
    "concurrency: thread threads mutex lock atomic semaphore async parallel race",
    "configuration: config conf settings setting options preference preferences env environment",
    "connection: connect socket disconnect reconnect peer",
    "console: terminal tty stdout stderr prompt",
    "container: docker image pod kubernetes",
    "conversion: convert cast coerce transform",
    "cookie: cookies jar",
    "cryptography: crypto encrypt decrypt encryption decryption cipher aes rsa hmac signature",
    "cursor: pagination page paging offset limit",
    "database: db sql query table schema migration transaction orm",
    "debug: debugger breakpoint inspect trace traceback",
    "decoding: decode encode encoding codec utf8 unicode charset base64",
    "dependency: package module import requirement version",
    "deployment: deploy release rollout",
    "dispatch: dispatcher router route routing",
    "display: render renderer draw paint view",
    "dns: resolver resolve hostname nameserver",
    "document: doc page text markdown",
    "download: fetch upload transfer",
    "email: mail smtp imap inbox sender recipient",
    "error: exception failure fault panic",
    "event: emit emitter signal publish subscribe subscriber observer",
    "export: import dump load",
    "file: path directory folder filesystem fs stat",
    "filter: predicate match where",
    "font: glyph typeface",
    "form: field input validation submit",
    "formatting: format formatter print printf style",
    "geometry: point rect polygon vector matrix",
    "graph: node edge vertex traversal",
    "hash table: hashmap bucket dict",
    "history: log undo revision commit",
    "http: request response header headers status get post url",
    "identifier: id uuid key",
    "image: picture pixel png jpeg bitmap thumbnail",
    "indexing: index indexer lookup search",
    "injection: container provider inject dependency",
    "input: keyboard mouse key touch",
    "installation: install setup uninstall",
    "interpreter: eval vm bytecode opcode",
    "iteration: iterator iter generator loop cursor",
    "job: task queue worker scheduler schedule cron",
    "journal: wal log write ahead",
    "json: yaml toml xml csv",
    "layout: grid flex position align",
    "lexing: lexer token tokenizer tokenize scanner scan",
    "localization: locale i18n translation translate language",
    "logging: log logger logs trace verbose",
    "machine learning: model train training inference embedding",
    "messaging: message queue broker topic channel",
    "metrics: metric counter gauge histogram stats statistics telemetry",
    "middleware: interceptor filter chain",
    "migration: migrate upgrade schema",
    "mock: stub fake fixture",
    "monitoring: health heartbeat watchdog alert",
    "network: net socket tcp udp packet",
    "notification: notify alert push",
    "number: integer decimal bigint math arithmetic",
    "parsing: parse parser grammar syntax ast",
    "payment: billing invoice charge price currency checkout order refund",
    "permission: access chmod mode owner",
    "persistence: store storage save load repository",
    "plugin: plugins extension addon hook",
    "process: subprocess fork spawn exec child pid",
    "protocol: handshake frame message wire",
    "proxy: socks tunnel forward gateway",
    "queue: enqueue dequeue fifo backlog",
    "random: rand rng seed shuffle",
    "rate limiting: throttle limit quota backoff debounce",
    "recovery: retry repair restore fallback",
    "redirect: location forward rewrite",
    "reflection: introspection metadata annotation",
    "regex: regexp pattern match",
    "replication: replica leader follower raft consensus",
    "routing: route router path endpoint url dispatch",
    "scheduling: schedule scheduler timer cron delay timeout",
    "search: find query lookup index rank",
    "security: sanitize escape csrf xss sandbox",
    "serialization: serialize deserialize marshal unmarshal encode decode pickle",
    "server: serve listen listener daemon",
    "sorting: sort order compare comparator",
    "state: store reducer status transition",
    "storage: store disk blob bucket file",
    "streaming: stream pipe chunk reader writer",
    "string: text substring trim split join",
    "synchronization: sync mutex lock barrier condition wait",
    "template: templates render placeholder",
    "testing: test tests spec fixture suite",
    "theme: color colour palette style css",
    "timeout: deadline expire expiry cancel",
    "transaction: commit rollback isolation",
    "tree: node leaf branch child parent",
    "type checking: typecheck annotation infer inference",
    "undo: redo revert history",
    "url: uri link query path",
    "validation: validate validator schema check constraint",
    "versioning: version semver revision",
    "video: frame stream codec",
    "warning: deprecate deprecated deprecation",
    "watching: watch watcher inotify poll notify",
    "web: html dom browser page",
    "websocket: ws socket frame",
    "window: widget dialog button panel menu"};

}  // namespace

std::string concept_stem(std::string_view word) {
  std::string out(word);
  bool shorter = false;
  for (int round = 0; round < 3 && drop_ending(out, round > 0); ++round) {
    shorter = true;
    fold_end(out, true);
  }
  fold_end(out, shorter);
  return out;
}

bool is_concept_word(std::string_view word) {
  if (word.size() < 2 || base::is_stop_word(word)) return false;
  if (std::ranges::all_of(word, [](unsigned char c) { return std::isdigit(c) != 0; })) return false;
  return !std::ranges::binary_search(words_of_every_program, word);
}

std::vector<ConceptGroup> concept_groups() {
  std::vector<ConceptGroup> out;
  for (std::string_view line : groups_text) {
    std::size_t colon = line.find(':');
    ConceptGroup group{line.substr(0, colon), {}};
    for (std::string_view word : base::words(group.name)) group.words.push_back(word);
    for (std::string_view word : base::words(line.substr(colon))) group.words.push_back(word);
    out.push_back(std::move(group));
  }
  return out;
}

std::vector<std::string_view> words_beside(std::string_view stem) {
  std::vector<std::string_view> out;
  for (const ConceptGroup& group : concept_groups()) {
    bool named = std::ranges::any_of(base::words(group.name),
                                     [&](std::string_view word) { return concept_stem(word) == stem; });
    bool held =
        std::ranges::any_of(group.words, [&](std::string_view word) { return concept_stem(word) == stem; });
    if (!named && !held) continue;
    for (std::string_view word : group.words)
      if (concept_stem(word) != stem && std::ranges::find(out, word) == out.end()) out.push_back(word);
  }
  return out;
}

}  // namespace mira::semantics
