// Objects that no git would write.
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
using Kind = PackedObject::Kind;

constexpr std::string_view no_object = "00000000000000000000000000000000deadbeef";

std::string some_blob(FakeRepo& repo, std::string_view content = "x\n") {
  return raw_object(repo, "blob", content);
}
std::string head_tree(FakeRepo& repo) {
  return repo.id("HEAD^{tree}");
}

// Three commits above HEAD that change a file whose contents are these objects of a pack.
void change_through(FakeRepo& repo, const std::vector<std::string>& blobs) {
  for (const std::string& blob : blobs) {
    put_entries_on_top(repo, raw_entry("100644", "a.bin", blob));
  }
}

void put_name(FakeRepo& repo, std::string_view name) {
  put_entries_on_top(repo, raw_entry("100644", name, some_blob(repo)));
}

void forge_dates(FakeRepo& repo, std::string_view date) {
  std::string who = "Eve <eve@example.org> " + std::string(date);
  put_on_top(repo, {.tree = head_tree(repo), .parents = {repo.head()}, .author = who, .committer = who});
  put_entries_on_top(repo, raw_entry("100644", "after", some_blob(repo)));
}

void put_message(FakeRepo& repo, std::string message, std::string more = {}) {
  put_on_top(repo, {.tree = head_tree(repo),
                    .parents = {repo.head()},
                    .more = std::move(more),
                    .message = std::move(message)});
}

void delta_circle(FakeRepo& repo) {
  std::string a = made_up_id(1), b = made_up_id(2);
  write_pack(repo.path(".git"),
             {{a, Kind::reference_delta, delta(9, "a"), b}, {b, Kind::reference_delta, delta(9, "b"), a}});
  change_through(repo, {a, b});
}

void delta_of_itself(FakeRepo& repo) {
  std::string a = made_up_id(1), b = made_up_id(2);
  write_pack(repo.path(".git"), {{a, Kind::reference_delta, delta(9, "a"), a}, {b, Kind::blob, "x\n"}});
  change_through(repo, {b, a, b});
}

void delta_of_a_missing_base(FakeRepo& repo) {
  std::string a = made_up_id(1);
  write_pack(repo.path(".git"), {{a, Kind::reference_delta, delta(9, "a"), std::string(no_object)}});
  change_through(repo, {a});
}

void delta_to_before_the_pack(FakeRepo& repo) {
  std::string a = made_up_id(1), b = made_up_id(2);
  write_pack(repo.path(".git"), {{a, Kind::offset_delta, delta(9, "a"), "", 1'000'000},
                                 {b, Kind::offset_delta, delta(9, "a"), "", 0}});
  change_through(repo, {a, b});
}

void delta_chain_of_thousands(FakeRepo& repo) {
  constexpr unsigned links = 5000;
  std::vector<PackedObject> objects{{made_up_id(0), Kind::blob, "start\n"}};
  for (unsigned i = 1; i < links; ++i) {
    objects.push_back({made_up_id(i), Kind::reference_delta, delta(5 + i, "+"), made_up_id(i - 1)});
  }
  write_pack(repo.path(".git"), objects);
  change_through(repo, {made_up_id(links - 1), made_up_id(links - 2)});
}

// Each delta copies its base a hundred times: a few bytes that claim to be terabytes.
void delta_that_grows(FakeRepo& repo) {
  std::vector<PackedObject> objects{{made_up_id(0), Kind::blob, std::string(60'000, 'x')}};
  std::uint64_t size = 60'000;
  for (unsigned level = 1; level < 4; ++level) {
    std::string body;
    for (std::uint64_t value : {size, size * 100}) {
      for (; value >= 128; value >>= 7) body += static_cast<char>(value | 128);
      body += static_cast<char>(value);
    }
    for (int copy = 0; copy < 100; ++copy) {
      body += '\xf0';
      for (int i = 0; i < 3; ++i) body += static_cast<char>(size >> (8 * i));
    }
    objects.push_back({made_up_id(level), Kind::reference_delta, body, made_up_id(level - 1)});
    size *= 100;
  }
  write_pack(repo.path(".git"), objects);
  change_through(repo, {made_up_id(1), made_up_id(2), made_up_id(3)});
}

void object_that_lies_about_its_size(FakeRepo& repo) {
  std::string a = made_up_id(1), b = made_up_id(2);
  write_pack(repo.path(".git"), {{a, Kind::blob, "short\n", "", 0, std::uint64_t{1} << 50},
                                 {b, Kind::blob, std::string(5000, 'y'), "", 0, 3}});
  change_through(repo, {a, b});
}

void object_of_another_kind(FakeRepo& repo) {
  std::string a = made_up_id(1);
  write_pack(repo.path(".git"), {{a, Kind::commit, "tree " + std::string(no_object) + "\n\nx\n"}});
  change_through(repo, {a});
}

void commit_that_is_its_own_parent(FakeRepo& repo) {
  std::string a = made_up_id(1), b = made_up_id(2);
  write_pack(repo.path(".git"),
             {{a, Kind::commit, commit_bytes({.tree = head_tree(repo), .parents = {b, repo.head()}})},
              {b, Kind::commit, commit_bytes({.tree = head_tree(repo), .parents = {a}})}});
  point_head(repo, a);
}

void tree_that_holds_itself(FakeRepo& repo) {
  std::string tree = made_up_id(1);
  write_pack(repo.path(".git"), {{tree, Kind::tree, raw_entry("40000", "again", tree)}});
  put_on_top(repo, {.tree = tree, .parents = {repo.head()}});
}

void torn_pack(FakeRepo& repo, bool index, double share) {
  for (int i = 0; i < 40; ++i) {
    repo.commit({.files = {{"f" + std::to_string(i), std::string(2000, static_cast<char>('a' + i % 26))}}});
  }
  repo.git({"gc", "-q"});
  for (const auto& entry : fs::directory_iterator(repo.path(".git/objects/pack"))) {
    if ((entry.path().extension() == ".idx") != index || entry.path().extension() == ".rev") continue;
    fs::permissions(entry.path(), fs::perms::owner_all);
    fs::resize_file(entry.path(), static_cast<std::uintmax_t>(share * double(fs::file_size(entry.path()))));
  }
}

void put_commit_like(FakeRepo& repo, std::string_view bytes) {
  point_head(repo, raw_object(repo, "commit", bytes));
}

// What a log of fields that end in NUL would take for further commits.
std::string framing() {
  std::string id(40, 'a');
  return "subject\n\nbody" + std::string("\0", 1) + id + std::string("\0", 1) + id +
         std::string(
             "\0"
             "1\0"
             "1\0Eve\0e@e\0x\0\0",
             16) +
         ":100644 100644 " + id + " " + id + std::string(" M\0stolen\0", 10);
}

constexpr std::array objects = std::to_array<HostileHistory>({
    {"DeltaCircle", delta_circle, false},
    {"DeltaOfItself", delta_of_itself, false},
    {"DeltaOfAMissingBase", delta_of_a_missing_base, false},
    {"DeltaToBeforeThePack", delta_to_before_the_pack, false},
    {"DeltaChainOfThousands", delta_chain_of_thousands},
    {"DeltaThatGrows", delta_that_grows, false},
    {"ObjectThatLiesAboutItsSize", object_that_lies_about_its_size, false},
    {"ObjectOfAnotherKind", object_of_another_kind, false},
    {"CommitThatIsItsOwnAncestor", commit_that_is_its_own_parent, false},
    {"TreeThatHoldsItself", tree_that_holds_itself, false},
    {"PackCutInHalf", [](FakeRepo& repo) { torn_pack(repo, false, 0.5); }, false},
    {"PackCutToNothing", [](FakeRepo& repo) { torn_pack(repo, false, 0); }, false},
    {"PackIndexCutInHalf", [](FakeRepo& repo) { torn_pack(repo, true, 0.5); }, false},
    {"NameWithNewline", [](FakeRepo& repo) { put_name(repo, "a\nb\n:100644 x"); }},
    {"NameWithEscapes", [](FakeRepo& repo) { put_name(repo, "\x1b]0;owned\x07\x1b[2J\xe2\x80\xae"); }},
    {"NameNotUtf8", [](FakeRepo& repo) { put_name(repo, "\xff\xfe\x80"); }},
    {"NameLikeAnOption", [](FakeRepo& repo) { put_name(repo, "--output=owned"); }},
    {"NameLikeAnotherOption", [](FakeRepo& repo) { put_name(repo, "-O/dev/null"); }},
    {"NameLikeMagic", [](FakeRepo& repo) { put_name(repo, ":(exclude)good.c"); }},
    {"NameUpwards", [](FakeRepo& repo) { put_name(repo, ".."); }},
    {"NameWithSlashes", [](FakeRepo& repo) { put_name(repo, "../../../etc/passwd"); }},
    {"NameAbsolute", [](FakeRepo& repo) { put_name(repo, "/etc/passwd"); }},
    {"NameOfTheGitFolder", [](FakeRepo& repo) { put_name(repo, ".git/hooks/post-checkout"); }},
    {"NameWithBackslashes", [](FakeRepo& repo) { put_name(repo, "C:\\..\\x"); }},
    {"NameEmpty", [](FakeRepo& repo) { put_name(repo, ""); }, false},
    {"NameOfFourThousandBytes", [](FakeRepo& repo) { put_name(repo, std::string(4000, 'n')); }},
    {"NameOfAMegabyte", [](FakeRepo& repo) { put_name(repo, std::string(1 << 20, 'n')); }},
    {"SameNameTwice",
     [](FakeRepo& repo) {
       std::string twice = raw_entry("100644", "a", some_blob(repo)) +
                           raw_entry("100644", "a", some_blob(repo, "y\n"));
       put_entries_on_top(repo, twice);
     }},
    {"FileAndFolderOfOneName",
     [](FakeRepo& repo) {
       std::string inner = raw_object(repo, "tree", raw_entry("100644", "b", some_blob(repo)));
       put_entries_on_top(repo, raw_entry("100644", "a", some_blob(repo)) + raw_entry("40000", "a", inner));
     }},
    {"TreeOutOfOrder",
     [](FakeRepo& repo) {
       put_entries_on_top(repo, raw_entry("100644", "z", some_blob(repo)) +
                                    raw_entry("100644", "b", some_blob(repo)));
     }},
    {"TreeWithOddModes",
     [](FakeRepo& repo) {
       put_entries_on_top(repo, raw_entry("177777", "a", some_blob(repo)) +
                                    raw_entry("7", "b", some_blob(repo)) +
                                    raw_entry("120000", "c", some_blob(repo, "/etc/passwd")));
     }},
    {"TreeCutShort",
     [](FakeRepo& repo) {
       std::string tree = raw_object(repo, "tree", "100644 a" + std::string("\0abc", 4));
       put_on_top(repo, {.tree = tree, .parents = {repo.head()}});
     },
     false},
    {"TreeThatIsABlob",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = some_blob(repo), .parents = {repo.head()}});
     },
     false},
    {"TreeThatIsMissing",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = std::string(no_object), .parents = {repo.head()}});
     },
     false},
    {"ParentThatIsMissing",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = head_tree(repo), .parents = {std::string(no_object)}});
     },
     false},
    {"ParentThatIsATree",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = head_tree(repo), .parents = {head_tree(repo)}});
     },
     false},
    {"SubmoduleEverywhere",
     [](FakeRepo& repo) {
       std::string modules = "[submodule \"x\"]\n\tpath = ../../x\n\turl = ext::sh -c touch% owned\n\tupdate = !touch owned\n";
       put_entries_on_top(repo, raw_entry("100644", ".gitmodules", some_blob(repo, modules)) +
                                    raw_entry("160000", "x", std::string(no_object)));
     }},
    {"GitmodulesThatIsALink",
     [](FakeRepo& repo) {
       put_entries_on_top(repo, raw_entry("120000", ".gitmodules", some_blob(repo, "/etc/passwd")));
     }},
    {"MailmapThatIsALink",
     [](FakeRepo& repo) {
       put_entries_on_top(repo, raw_entry("120000", ".mailmap", some_blob(repo, "/etc/passwd")));
     }},
    {"MailmapThatIsAFolder",
     [](FakeRepo& repo) {
       std::string inner = raw_object(repo, "tree", raw_entry("100644", "b", some_blob(repo)));
       put_entries_on_top(repo, raw_entry("40000", ".mailmap", inner));
     }},
    {"MailmapOfNoise",
     [](FakeRepo& repo) {
       std::string map = "<<<>>><\n\xff <a@b> \x1b[2J <eve@example.org>\n" + std::string(200'000, '<');
       put_entries_on_top(repo, raw_entry("100644", ".mailmap", some_blob(repo, map)));
     }},
    {"DateBefore1970", [](FakeRepo& repo) { forge_dates(repo, "-1000000 +0000"); }},
    {"DateFarAhead", [](FakeRepo& repo) { forge_dates(repo, "99999999999999 +0000"); }},
    {"DateBeyondNumbers", [](FakeRepo& repo) { forge_dates(repo, "99999999999999999999999999 +0000"); }},
    {"DateWithAnOddZone", [](FakeRepo& repo) { forge_dates(repo, "1704200000 +999999999"); }},
    {"DateThatIsNone", [](FakeRepo& repo) { forge_dates(repo, "yesterday"); }},
    {"MessageOfTenMegabytes", [](FakeRepo& repo) { put_message(repo, std::string(10 << 20, 'm')); }},
    {"MessageThatForgesTheFraming", [](FakeRepo& repo) { put_message(repo, framing()); }},
    {"MessageInAMadeUpEncoding",
     [](FakeRepo& repo) { put_message(repo, "\xff\xfe\n", "encoding \x1b[2Jnothing\n"); }},
    {"MessageInUtf16",
     [](FakeRepo& repo) { put_message(repo, std::string("\xff\xfeh\0i\0\n\0", 8), "encoding UTF-16\n"); }},
    {"MessageOfEscapes", [](FakeRepo& repo) { put_message(repo, "\x1b[2J\x1b]0;x\x07 \xe2\x80\xae\r\n"); }},
    {"HeaderOfAHundredThousandLines",
     [](FakeRepo& repo) {
       std::string more;
       for (int i = 0; i < 100'000; ++i) more += "x-header line\n";
       put_message(repo, "m\n", more);
     }},
    {"AuthorWithoutAName",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = head_tree(repo), .parents = {repo.head()}, .author = "", .committer = ""});
     }},
    {"AuthorOfEscapes",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = head_tree(repo),
                         .parents = {repo.head()},
                         .author = "\x1b[2J\xe2\x80\xae <\x1b]0;x\x07> 1704200000 +0000"});
     }},
    {"AuthorOfAMegabyte",
     [](FakeRepo& repo) {
       put_on_top(repo, {.tree = head_tree(repo),
                         .parents = {repo.head()},
                         .author = std::string(1 << 20, 'e') + " <e@e> 1704200000 +0000"});
     }},
    {"CommitWithoutATree", [](FakeRepo& repo) { put_commit_like(repo, "parent x\n\nno\n"); }, false},
    {"CommitOfNothing", [](FakeRepo& repo) { put_commit_like(repo, ""); }, false},
    {"CommitOfNoise", [](FakeRepo& repo) { put_commit_like(repo, std::string(100'000, '\xff')); }, false},
});

}  // namespace

std::span<const HostileHistory> hostile_objects() {
  return objects;
}

}  // namespace mira::hostile
