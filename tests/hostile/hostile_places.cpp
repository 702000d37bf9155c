// What lies around the objects, and histories of sheer size.
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <string>

#include "tests/hostile/crafted_pack.h"
#include "tests/hostile/hostile_histories.h"
#include "tests/hostile/hostile_trees.h"
#include "tests/hostile/raw_objects.h"

namespace mira::hostile {
namespace {

namespace fs = std::filesystem;
using support::FakeRepo;

std::string noise(std::size_t bytes) {
  std::string out;
  std::uint32_t state = 7;
  while (out.size() < bytes) out += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return out;
}

// A commit of main as a fast-import stream has it: on top of `from`, or of the commit before it in the
// stream.
std::string begin_commit(const std::string& from) {
  return "commit refs/heads/main\ncommitter Eve <eve@example.org> 1704200000 +0000\ndata 2\nm\n" +
         (from.empty() ? std::string() : "from " + from + "\n");
}
void stream_in(FakeRepo& repo, const std::string& stream) {
  repo.git({"fast-import", "--quiet", "--force"}, stream);
}

void fifo(const fs::path& at) {
  fs::create_directories(at.parent_path());
  fs::remove_all(at);
  ::mkfifo(at.c_str(), 0600);
}

void octopus(FakeRepo& repo, int arms, bool with_files) {
  std::string base = repo.head(), stream, merge = begin_commit(base);
  for (int i = 0; i < arms; ++i) {
    std::string number = std::to_string(i), name = "refs/heads/arm" + number;
    stream += "commit " + name + "\nmark :" + std::to_string(i + 1) +
              "\ncommitter Eve <eve@example.org> 1704200000 +0000\ndata 2\nm\nfrom " + base + "\n";
    if (with_files) stream += "M 100644 inline good" + number + ".c\ndata 7\nint x;\n\n";
    merge += "merge :" + std::to_string(i + 1) + "\n";
  }
  stream_in(repo, stream + merge + "\n");
}

// As many files gone as came, each a little like every other: renames to be guessed.
void rename_bomb(FakeRepo& repo) {
  constexpr int files = 1500;
  std::string first = begin_commit(repo.head()), second = begin_commit("");
  for (int i = 0; i < files; ++i) {
    std::string body;
    for (int line = 0; line < 40; ++line) body += std::to_string(line * 7919 % (i + 2)) + "\n";
    std::string data = "\ndata " + std::to_string(body.size() + 2) + "\n" + body;
    first += "M 100644 inline from/" + std::to_string(i) + data + "a\n\n";
    second +=
        "D from/" + std::to_string(i) + "\nM 100644 inline to/" + std::to_string(i * 3) + data + "b\n\n";
  }
  stream_in(repo, first + "\n" + second + "\n");
}

// Two versions of a file that share lines everywhere and never in order.
void diff_bomb(FakeRepo& repo) {
  std::string versions[2];
  std::uint32_t state = 7;
  for (std::string& version : versions) {
    for (int line = 0; line < 60'000; ++line) {
      version += std::to_string((state = state * 1664525 + 1013904223) >> 16 & 1023) + "\n";
    }
  }
  for (const std::string& version : versions) {
    put_entries_on_top(repo, raw_entry("100644", "a.txt", raw_object(repo, "blob", version)));
  }
}

void long_line(FakeRepo& repo) {
  for (char letter : {'a', 'b'}) {
    std::string blob = raw_object(repo, "blob", std::string(40 << 20, letter));
    put_entries_on_top(repo, raw_entry("100644", "a.txt", blob));
  }
}

void thousands_of_authors(FakeRepo& repo) {
  std::string stream;
  for (int i = 0; i < 3000; ++i) {
    std::string n = std::to_string(i);
    stream += "commit refs/heads/main\ncommitter Eve" + n + " <e" + n + "@example.org> 1704200000 +0000\n" +
              "data 2\nm\n" + (i == 0 ? "from " + repo.head() + "\n" : "") + "M 100644 inline a" + n +
              ".c\ndata 2\nx\n\n";
  }
  stream_in(repo, stream);
}

void criss_cross(FakeRepo& repo) {
  std::string stream, left = repo.head(), right = repo.head();
  for (int i = 0; i < 600; i += 2) {
    std::string a = std::to_string(i + 1), b = std::to_string(i + 2);
    for (const std::string& mark : {a, b}) {
      stream += "commit refs/heads/side" + std::string(mark == a ? "a" : "b") + "\nmark :" + mark +
                "\ncommitter Eve <eve@example.org> 1704200000 +0000\ndata 2\nm\nfrom " +
                (mark == a ? left : right) + "\nmerge " + (mark == a ? right : left) +
                "\nM 100644 inline c.c\ndata " + std::to_string(mark.size() + 1) + "\n" + mark + "\n\n";
    }
    left = ":" + a, right = ":" + b;
  }
  stream_in(repo, stream + begin_commit(left) + "\n");
}

constexpr std::array places = std::to_array<HostileHistory>({
    {"Grafts",
     [](FakeRepo& repo) { write_file(repo.path(".git/info/grafts"), repo.head() + "\n" + noise(5000)); }},
    {"ReplacedCommit", [](FakeRepo& repo) { repo.git({"replace", "--graft", repo.head()}); }},
    {"ReplacementsInACircle",
     [](FakeRepo& repo) {
       std::string a = repo.id("HEAD"), b = repo.id("HEAD~1");
       write_file(repo.path(".git/refs/replace/" + a), b + "\n");
       write_file(repo.path(".git/refs/replace/" + b), a + "\n");
     }},
    {"AlternateOfItself",
     [](FakeRepo& repo) {
       write_file(repo.path(".git/objects/info/alternates"),
                  "../objects\n" + repo.path(".git/objects").string());
     }},
    {"AlternatesByTheThousand",
     [](FakeRepo& repo) {
       std::string lines;
       for (int i = 0; i < 20'000; ++i) lines += "/nowhere/" + std::to_string(i) + "\n";
       write_file(repo.path(".git/objects/info/alternates"), lines);
     }},
    {"AlternateOutside",
     [](FakeRepo& repo) { write_file(repo.path(".git/objects/info/alternates"), "/proc\n/dev\n/\n"); }},
    {"AlternatesAreAPipe", [](FakeRepo& repo) { fifo(repo.path(".git/objects/info/alternates")); }, false},
    {"Reftable",
     [](FakeRepo& repo) {
       repo.git({"config", "core.repositoryformatversion", "1"});
       repo.git({"config", "extensions.refStorage", "reftable"});
       write_file(repo.path(".git/reftable/tables.list"), "0x000000000001-0x000000000002-1.ref\n");
     },
     false},
    {"ShallowThatNamesHead",
     [](FakeRepo& repo) { write_file(repo.path(".git/shallow"), repo.head() + "\n"); }},
    {"ShallowOfNoise", [](FakeRepo& repo) { write_file(repo.path(".git/shallow"), noise(10'000)); }, false},
    {"CommitGraphOfNoise",
     [](FakeRepo& repo) { write_file(repo.path(".git/objects/info/commit-graph"), "CGPH" + noise(5000)); }},
    {"MultiPackIndexOfNoise",
     [](FakeRepo& repo) {
       write_file(repo.path(".git/objects/pack/multi-pack-index"), "MIDX" + noise(5000));
     },
     false},
    {"PackOfNoise",
     [](FakeRepo& repo) {
       write_file(repo.path(".git/objects/pack/pack-x.pack"), "PACK" + noise(5000));
       write_file(repo.path(".git/objects/pack/pack-x.idx"), "\377tOc" + noise(5000));
     }},
    {"PackThatIsAPipe",
     [](FakeRepo& repo) {
       write_pack(repo.path(".git"), {{made_up_id(1), PackedObject::Kind::blob, "x"}});
       fifo(repo.path(".git/objects/pack/pack-crafted.pack"));
     },
     false},
    {"ObjectsAreALinkInACircle",
     [](FakeRepo& repo) {
       fs::rename(repo.path(".git/objects"), repo.path(".git/kept"));
       fs::create_directory_symlink(repo.path(".git/objects"), repo.path(".git/objects"));
     },
     false},
    {"IndexOfNoise",
     [](FakeRepo& repo) {
       write_file(repo.path(".git/index"), std::string("DIRC\0\0\0\2\377\377\377\377", 12) + noise(5000));
     }},
    {"IndexThatIsAPipe", [](FakeRepo& repo) { fifo(repo.path(".git/index")); }},
    {"HeadThatIsAPipe", [](FakeRepo& repo) { fifo(repo.path(".git/HEAD")); }, false},
    {"ConfigThatIsAPipe", [](FakeRepo& repo) { fifo(repo.path(".git/config")); }},
    {"ConfigOfNoise", [](FakeRepo& repo) { write_file(repo.path(".git/config"), "[core\n" + noise(5000)); }},
    {"ConfigThatIncludesItself",
     [](FakeRepo& repo) {
       repo.git({"config", "core.worktree", "/"});
       repo.git({"config", "include.path", "config"});
     }},
    {"PackedRefsThatAreAPipe",
     [](FakeRepo& repo) {
       repo.git({"pack-refs", "--all"});
       fifo(repo.path(".git/packed-refs"));
     },
     false},
    {"BranchThatIsAPipe", [](FakeRepo& repo) { fifo(repo.path(".git/refs/heads/main")); }, false},
    {"BranchNamesABlob", [](FakeRepo& repo) { point_head(repo, raw_object(repo, "blob", "x\n")); }, false},
    {"BranchNamesATag",
     [](FakeRepo& repo) {
       repo.git({"tag", "-a", "-m", "t", "v1"});
       point_head(repo, repo.id("v1"));
     },
     false},
    {"NestedBareRepository",
     [](FakeRepo& repo) {
       repo.git({"clone", "-q", "--bare", ".", "nested"});
       write_file(repo.path("nested/config"), "[core]\n\tbare = true\n\tfsmonitor = touch owned\n");
     }},
});

constexpr std::array sizes = std::to_array<HostileHistory>({
    {"OctopusOfThirty", [](FakeRepo& repo) { octopus(repo, 30, true); }},
    {"OctopusOfFourHundred", [](FakeRepo& repo) { octopus(repo, 400, true); }},
    {"OctopusOfNothing", [](FakeRepo& repo) { octopus(repo, 60, false); }},
    {"RenameBomb", rename_bomb},
    {"DiffBomb", diff_bomb},
    {"LineOfFortyMegabytes", long_line},
    {"AuthorsByTheThousand", thousands_of_authors},
    {"CrissCrossMerges", criss_cross},
});

}  // namespace

std::span<const HostileHistory> hostile_places() {
  return places;
}
std::span<const HostileHistory> hostile_sizes() {
  return sizes;
}

}  // namespace mira::hostile
