"""The tools that seeded_tools.py runs: for each a small project with faults at known lines, and how the tool counts them itself.

A fault is (file or None, line or None, severity, code or "", word in the message). `own` gets the log and the output of the
`machine` command and gives (errors, warnings) as the tool counts them, None where it does not.
"""
import json, os, re

TOOLS = {}
MARK = "¤"  # the line of a fault whose text has several


def tool(name, needs, tools=None):
    def add(function):
        TOOLS[name] = dict(make=function, needs=needs.split(), tools=set((tools or name).split(",")))
        return function
    return add


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write(text)


def planted(folder, name, rnd, kinds, blank, head="", tail="", least=1, most=5):
    """Writes `name` with some of the kinds, spaced by blank lines -> its faults."""
    lines, faults = head.split("\n")[:-1], []
    for number in range(1, rnd.randint(least, most) + 1):
        text, severity, code, word = rnd.choice(kinds)
        lines += [blank] * rnd.randint(0, 5)
        offset = text.split("\n").index(next((l for l in text.split("\n") if MARK in l), text.split("\n")[0]))
        faults.append((os.path.basename(name), len(lines) + 1 + offset, severity, code, word.replace("%d", str(number))))
        lines += text.replace("%d", str(number)).replace(MARK, "").split("\n")
    write(folder, name, "\n".join(lines) + "\n" + tail)
    return faults


def number(pattern, text, default=0):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else default


def of_severity(list_, severity="error"):
    return sum(entry == severity for entry in list_)


def json_of(text, start="[{"):
    at = min((text.find(c) for c in start if c in text), default=-1)
    return json.JSONDecoder().raw_decode(text[at:])[0] if at >= 0 else []


# ---- C and C++ -------------------------------------------------------------------------------------------------------
C = [("int f%d(void) { return undeclared_%d; }", "error", "", "undeclared_%d"),
     ("int g%d(void) { int idle_%d = 1; return 0; }", "warning", "-Wunused-variable", "idle_%d"),
     ("int h%d(int a) { if (a = %d) return 2; return 0; }", "warning", "-Wparentheses", "")]
LAST = "int last(void) { return never_declared; }\n"
CXX = C[1:] + [("struct S%d { int a; }; int m%d(S%d s) { return s.absent%d; }", "error", "", "absent%d"),
               ("int n%d() { return \"text\"; }", "error", "", "conversion")]


def with_last(faults, folder, name):
    path = os.path.join(folder, name)
    text = open(path).read() + LAST
    open(path, "w").write(text)
    return faults + [(os.path.basename(name), text.count("\n"), "error", "", "never_declared")]


def gcc_own(log, machine):
    kinds = [d["kind"] for d in json_of(machine, "[")]
    return sum(k.endswith("error") for k in kinds), of_severity(kinds, "warning")


@tool("gcc", "gcc")
def gcc(d, rnd):
    faults = with_last(planted(d, "src/part.c", rnd, C, "/* nothing */"), d, "src/part.c")
    return dict(planted=faults, command="gcc -Wall -c src/part.c -o part.o", machine="gcc -Wall -fdiagnostics-format=json -c src/part.c -o part.o", own=gcc_own)


@tool("gxx", "g++", "gcc")
def gxx(d, rnd):
    faults = with_last(planted(d, "src/part.cpp", rnd, CXX, "// nothing"), d, "src/part.cpp")
    return dict(planted=faults, command="g++ -Wall -c src/part.cpp -o part.o", machine="g++ -Wall -fdiagnostics-format=json -c src/part.cpp -o part.o", own=gcc_own)


def clang_own(log, machine):
    return number(r"(\d+) errors? generated", log), number(r"(\d+) warnings? (?:and \d+ errors? )?generated", log)


@tool("clang", "clang-19")
def clang(d, rnd):
    faults = with_last(planted(d, "src/part.c", rnd, C, "/* nothing */"), d, "src/part.c")
    return dict(planted=faults, command="clang-19 -Wall -c src/part.c -o part.o", own=clang_own)


@tool("clang-tidy", "clang-tidy-19", "clang-tidy")
def clang_tidy(d, rnd):
    kinds = [("int f%d(int a) { if (a); { return 1; } return 0; }", "error", "bugprone-suspicious-semicolon", ""),
             ("int g%d(int a) { if (a = %d) return 1; return 0; }", "error", "bugprone-assignment-in-if-condition", "")]
    checks = "--checks='-*,bugprone-suspicious-semicolon,bugprone-assignment-in-if-condition' --warnings-as-errors='*'"
    return dict(planted=planted(d, "part.cpp", rnd, kinds, "// nothing"), command="clang-tidy-19 %s part.cpp -- -std=c++17" % checks,
                own=lambda log, machine: (number(r"(\d+) warnings? treated as errors?", log), 0))


@tool("cppcheck", "cppcheck")
def cppcheck(d, rnd):
    kinds = [("int f%d(void) { int a[2]; a[5] = %d; return a[0]; }", "error", "arrayIndexOutOfBounds", ""),
             ("int g%d(int *p) { int x = *p; if (!p) return %d; return x; }", "warning", "nullPointerRedundantCheck", ""),
             ("int h%d(void) { int x; return x; }", "error", "uninitvar", "")]
    return dict(planted=planted(d, "part.c", rnd, kinds, "/* nothing */"), command="cppcheck -q --enable=warning --error-exitcode=1 part.c",
                machine="cppcheck -q --enable=warning --xml part.c", exact=False, own=lambda log, machine: (machine.count('severity="error"'), machine.count('severity="warning"')))


@tool("gfortran", "gfortran", "gcc,gfortran")
def gfortran(d, rnd):
    kinds = [("  undeclared%d = 1", "error", "", "undeclared%d"), ("  x = 'text%d'", "error", "", "convert")]
    faults = planted(d, "part.f90", rnd, kinds, "  ! nothing", "program p\n  implicit none\n  integer :: x\n", "end program\n")
    return dict(planted=faults, command="gfortran -c part.f90", own=lambda log, machine: (len(re.findall(r"^Error: ", log, re.M)), 0))


def linker(name, flag):
    def make(d, rnd):
        kinds = [("extern int missing_%d(int); int m%d(void) { return missing_%d(1); }", "error", "", "missing_%d")]
        faults = planted(d, "src/part.c", rnd, kinds, "/* nothing */", tail="int main(void) { return 0; }\n")
        if name == "mold": faults = [(None, None) + fault[2:] for fault in faults]  # it says the file and no line
        return dict(planted=faults, command="%s -g src/part.c -o prog" % flag, own=lambda log, machine: (len(faults), None))
    tool(name, flag.split()[0] + (" ld.lld-19" if "lld" in flag else " mold" if "mold" in flag else ""), {"ld": "ld", "gold": "ld", "lld": "lld", "mold": "mold"}[name])(make)


linker("ld", "gcc -fuse-ld=bfd")
linker("gold", "gcc -fuse-ld=gold")
linker("lld", "clang-19 -fuse-ld=lld-19")
linker("mold", "gcc -B/usr/libexec/mold")


@tool("nasm", "nasm")
def nasm(d, rnd):
    kinds = [("  mov eax, undeclared%d", "error", "", "undeclared%d"), ("  frobnicate%d eax, 1", "error", "", "")]
    return dict(planted=planted(d, "part.asm", rnd, kinds, "  nop"), command="nasm -f elf32 part.asm -o part.o", own=lambda log, machine: (len(re.findall(r": error: ", log)), None))


# ---- build systems ---------------------------------------------------------------------------------------------------
@tool("make", "gcc make", "gcc")
def make(d, rnd):
    faults = []
    for name in "abc":
        faults += planted(d, "src/%s.c" % name, rnd, C[:2], "/* nothing */")
        if name != "b": faults = with_last(faults, d, "src/%s.c" % name)
    write(d, "Makefile", "all: a.o b.o c.o\n%.o: src/%.c\n\tgcc -Wall -c $< -o $@\n")
    return dict(planted=faults, command="make -k -j3", own=lambda log, machine: (len(re.findall(r" error: ", log)), len(re.findall(r" warning: ", log))))


@tool("make-itself", "make", "make")
def make_itself(d, rnd):
    kinds = [("\t@exit %d@", "error", "", "Error %d"), ("\t@echo speaking; exit %d@", "error", "", "Error %d")]
    text, faults = "", []
    for n in range(1, rnd.randint(2, 4)):
        text += "# nothing\n" * rnd.randint(0, 3) + "t%d:\n\t@echo so far; exit %d\n" % (n, n)
        faults.append(("Makefile", text.count("\n") + 1, "error", "", "Error %d" % n))
    write(d, "Makefile", "all: " + " ".join("t%d" % n for n in range(1, len(faults) + 1)) + "\n" + text)
    return dict(planted=faults, command="make -k", own=lambda log, machine: (len(faults), None))


@tool("ninja", "ninja gcc", "gcc")
def ninja(d, rnd):
    faults = []
    for name in "ab": faults = with_last(faults + planted(d, "src/%s.c" % name, rnd, C[:2], "/* nothing */"), d, "src/%s.c" % name)
    write(d, "build.ninja", "rule cc\n  command = gcc -Wall -c $in -o $out\n" + "".join("build %s.o: cc src/%s.c\n" % (n, n) for n in "ab"))
    return dict(planted=faults, command="ninja -k 0", own=lambda log, machine: (len(re.findall(r" error: ", log)), None))


@tool("cmake", "cmake")
def cmake(d, rnd):
    kinds = [('message(SEND_ERROR "planted %d")', "error", "", "planted %d"), ('message(WARNING "odd %d")', "warning", "", "odd %d")]
    faults = planted(d, "CMakeLists.txt", rnd, kinds, "# nothing", "cmake_minimum_required(VERSION 3.10)\nproject(p NONE)\n", most=4)
    line = open(os.path.join(d, "CMakeLists.txt")).read().count("\n") + 1
    open(os.path.join(d, "CMakeLists.txt"), "a").write("frobnicate(last)\n")
    return dict(planted=faults + [("CMakeLists.txt", line, "error", "", "frobnicate")], command="cmake -S . -B build",
                own=lambda log, machine: (len(re.findall(r"^CMake Error", log, re.M)), len(re.findall(r"^CMake Warning", log, re.M))))


@tool("ctest", "cmake ctest")
def ctest(d, rnd):
    count = rnd.randint(3, 8)
    bad = [n for n in range(count) if rnd.random() < .5] or [0]
    write(d, "CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\nproject(p NONE)\nenable_testing()\n" +
          "".join("add_test(NAME case_%d COMMAND ${CMAKE_COMMAND} -E %s)\n" % (n, "false" if n in bad else "true") for n in range(count)))
    return dict(planted=[(None, None, "error", "", "case_%d" % n) for n in bad], command="cmake -S . -B build > /dev/null && cd build && ctest",
                own=lambda log, machine: (number(r"(\d+) tests failed out of", log), 0))


# ---- tests of C++ ----------------------------------------------------------------------------------------------------
def cxx_tests(name, head, test, check, flags, count, needs_file, tools=None):
    def make(d, rnd):
        if not any(os.path.exists(f) for f in needs_file): raise FileNotFoundError(needs_file[0])
        faults = planted(d, "part.cpp", rnd, [(test.replace("CHECK", check), "error", "", "")], "// nothing", head, most=4)
        command = "g++ -O0 part.cpp -o part %s > /dev/null 2>&1 && ./part" % flags
        return dict(planted=faults, command=command, own=lambda log, machine: (number(count, log), None))
    tool(name, "g++", tools)(make)


cxx_tests("gtest", "#include <gtest/gtest.h>\n", "TEST(Part, P%d) { CHECK(1 + %d, 77); }", "EXPECT_EQ", "-lgtest -lgtest_main -lpthread",
          r"(\d+) FAILED TEST", ["/usr/include/gtest/gtest.h"])
cxx_tests("catch2", "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n", 'TEST_CASE("p%d") { CHECK(1 + %d == 77); }', "CHECK", "",
          r"assertions: .*\| *(\d+) failed", ["/usr/include/catch2/catch.hpp"])
cxx_tests("doctest", "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n", 'TEST_CASE("p%d") { CHECK(1 + %d == 77); }', "CHECK", "",
          r"assertions: .*\| *(\d+) failed", ["/usr/include/doctest/doctest.h"])
cxx_tests("boost-test", "#define BOOST_TEST_MODULE part\n#include <boost/test/included/unit_test.hpp>\n",
          "BOOST_AUTO_TEST_CASE(p%d) { BOOST_CHECK_EQUAL(1 + %d, 77); }", "CHECK", "", r"(\d+) failures? (?:is|are) detected",
          ["/usr/include/boost/test/included/unit_test.hpp"], "boost.test")


def faulty_program(name, compiler, flags, kinds, run, tools, own=None, needs=""):
    def make(d, rnd):
        faults = planted(d, "part.c", rnd, kinds, "/* nothing */", "#include <stdlib.h>\n#include <stdio.h>\n#include <assert.h>\nvolatile int one = 1;\n",
                         "int main(void) { return f1() & 0; }\n", most=1)
        return dict(planted=faults, command="%s -g -O0 %s part.c -o part && %s" % (compiler, flags, run), own=own or (lambda log, machine: (1, None)))
    tool(name, compiler + " " + needs, tools)(make)


faulty_program("asan", "gcc", "-fsanitize=address", [("int f%d(void) { int *p = malloc(8);\n return p[2 + one]; ¤}", "error", "heap-buffer-overflow", ""),
               ("int f%d(void) { int *p = malloc(8); free(p);\n return p[one]; ¤}", "error", "heap-use-after-free", "")], "./part", "AddressSanitizer")
faulty_program("ubsan", "gcc", "-fsanitize=undefined -fno-sanitize-recover=all", [("int f%d(void) { int x = 2147483647;\n return x + one; ¤}", "error", "", "overflow"),
               ("int f%d(void) {\n return 1 << (31 + one); ¤}", "error", "", "shift")], "./part", "UndefinedBehaviorSanitizer")
faulty_program("valgrind", "gcc", "", [("int f%d(void) { int *p = malloc(8);\n int r = p[2 + one]; free(p); ¤\n return r; }", "error", "", "Invalid read")],
               "valgrind -q --error-exitcode=9 ./part", "valgrind", needs="valgrind")
faulty_program("assert", "gcc", "", [("int f%d(void) {\n assert(one == 2); ¤\n return 0; }", "error", "", "one == 2")], "./part", "assert")


# ---- Rust and Go -----------------------------------------------------------------------------------------------------
RUST = [("pub fn f%d() -> i32 { undeclared_%d }", "error", "E0425", "undeclared_%d"), ("pub fn g%d() -> i32 { \"text\" }", "error", "E0308", "mismatched"),
        ("pub fn h%d(v: String) { v.absent_%d(); }", "error", "E0599", "absent_%d")]


def crate(d):
    write(d, "Cargo.toml", '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n')


@tool("rustc", "rustc")
def rustc(d, rnd):
    faults = planted(d, "part.rs", rnd, RUST, "// nothing")
    return dict(planted=faults, command="rustc --crate-type lib part.rs", own=lambda log, machine: (number(r"due to (\d+) previous", log, 1), None))


@tool("cargo", "cargo", "rustc,cargo")
def cargo(d, rnd):
    crate(d)
    return dict(planted=planted(d, "src/lib.rs", rnd, RUST, "// nothing"), command="cargo build --offline",
                own=lambda log, machine: (number(r"due to (\d+) previous", log, 1), None))


@tool("clippy", "cargo-clippy", "rustc,clippy,cargo")
def clippy(d, rnd):
    kinds = [("pub fn f%d(v: Vec<i32>) -> bool { v.len() == 0 }", "error", "len-zero", ""), ("pub fn g%d(x: i32) -> i32 { return x; }", "error", "needless-return", "")]
    crate(d)
    return dict(planted=planted(d, "src/lib.rs", rnd, [(t, s, "", w) for t, s, c, w in kinds], "// nothing"), command="cargo clippy --offline -- -D warnings",
                own=lambda log, machine: (number(r"due to (\d+) previous", log, 1), None))


@tool("cargo-test", "cargo", "cargo test")
def cargo_test(d, rnd):
    crate(d)
    faults = planted(d, "src/lib.rs", rnd, [("#[test]\nfn p%d() { assert_eq!(1 + %d, 77); ¤}", "error", "", "")], "// nothing")
    return dict(planted=faults, command="cargo test --offline", own=lambda log, machine: (number(r"(\d+) failed;", log), None))


GO = [("func F%d() int { return undeclared%d }", "error", "", "undeclared%d"), ('func G%d() int { return "text" }', "error", "", ""),
      ("func H%d() { idle%d := 1 }", "error", "", "idle%d")]


@tool("go", "go")
def go(d, rnd):
    write(d, "go.mod", "module part\n\ngo 1.19\n")
    return dict(planted=planted(d, "part.go", rnd, GO, "// nothing", "package part\n\n"), command="go build ./...", own=lambda log, machine: (len(re.findall(r"^\S+\.go:\d+", log, re.M)), None))


@tool("go-vet", "go", "go")
def go_vet(d, rnd):
    write(d, "go.mod", "module part\n\ngo 1.19\n")
    faults = planted(d, "part.go", rnd, [('func F%d() { fmt.Printf("%s", %d) }', "error", "", "Printf")], "// nothing", 'package part\n\nimport "fmt"\n\n')
    return dict(planted=faults, command="go vet ./...", own=lambda log, machine: (len(re.findall(r"\.go:\d+:\d+: ", log)), None))


@tool("go-test", "go", "go test")
def go_test(d, rnd):
    write(d, "go.mod", "module part\n\ngo 1.19\n")
    faults = planted(d, "part_test.go", rnd, [('func TestP%d(t *testing.T) { t.Errorf("planted %d") }', "error", "", "planted %d")], "// nothing", 'package part\n\nimport "testing"\n\n')
    events = lambda text: [json.loads(line) for line in text.split("\n") if line.startswith("{")]
    return dict(planted=faults, command="go test ./..." + rnd.choice(["", " -v"]), machine="go test -json ./...",
                own=lambda log, machine: (sum(e["Action"] == "fail" and "Test" in e for e in events(machine)), None))


# ---- Java and its like -----------------------------------------------------------------------------------------------
JAVA = [("  int f%d() { return undeclared%d; }", "error", "", ""), ("  int s%d = \"text\";", "error", "", "incompatible"), ("  void h%d(String s) { s.absent%d(); }", "error", "", "")]


@tool("javac", "javac")
def javac(d, rnd):
    return dict(planted=planted(d, "Part.java", rnd, JAVA, "  // nothing", "class Part {\n", "}\n"), command="javac Part.java", own=lambda log, machine: (number(r"(\d+) errors?$", log.strip()), None))


@tool("gradle", "gradle", "javac,gradle")
def gradle(d, rnd):
    write(d, "build.gradle", "apply plugin: 'java'\n")
    write(d, "settings.gradle", "rootProject.name = 'p'\n")
    return dict(planted=planted(d, "src/main/java/Part.java", rnd, JAVA, "  // nothing", "class Part {\n", "}\n"), command="gradle --offline --no-daemon -q compileJava",
                own=lambda log, machine: (number(r"(\d+) errors?$", re.sub(r"\n\n.*", "", log.strip(), flags=re.S)) or None, None))


POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>p</groupId><artifactId>p</artifactId><version>1</version>
<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties>%s</project>
"""


@tool("maven", "mvn", "maven")
def maven(d, rnd):
    write(d, "pom.xml", POM % "")
    return dict(planted=planted(d, "src/main/java/Part.java", rnd, JAVA, "  // nothing", "class Part {\n", "}\n"), command="mvn -B -ntp compile",
                own=lambda log, machine: (number(r"\[INFO\] (\d+) errors?", log, 1), None))


@tool("surefire", "mvn", "surefire")
def surefire(d, rnd):
    write(d, "pom.xml", POM % "<dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency></dependencies>")
    kinds = [("  @Test public void p%d() { assertEquals(77, 1 + %d); }", "error", "", "")]
    faults = planted(d, "src/test/java/PartTest.java", rnd, kinds, "  // nothing", "import static org.junit.Assert.assertEquals;\nimport org.junit.Test;\npublic class PartTest {\n", "}\n")
    return dict(planted=faults, command="mvn -B -ntp test", own=lambda log, machine: (number(r"Failures: (\d+)", log.split("Results:")[-1]), None))


@tool("kotlinc", "kotlinc")
def kotlinc(d, rnd):
    kinds = [("fun f%d(): Int { return undeclared%d }", "error", "", "undeclared%d"), ("val s%d: Int = \"text\"", "error", "", "")]
    return dict(planted=planted(d, "part.kt", rnd, kinds, "// nothing"), command="kotlinc part.kt -d out", own=lambda log, machine: (len(re.findall(r"error: ", log)), None))


# ---- functional and others -------------------------------------------------------------------------------------------
@tool("ghc", "ghc")
def ghc(d, rnd):
    kinds = [("f%d = undeclared%d", "error", "", "undeclared%d"), ("g%d :: Int\ng%d = 'x' ¤", "error", "", "")]
    return dict(planted=planted(d, "Part.hs", rnd, kinds, "-- nothing", "module Part where\n"), command="ghc -c Part.hs", exact=False,
                own=lambda log, machine: (len(re.findall(r": error:", log)), None))


@tool("ocamlc", "ocamlc", "ocaml")
def ocamlc(d, rnd):
    faults = planted(d, "part.ml", rnd, [("let f%d () = undeclared%d", "error", "", "undeclared%d"), ("let g%d : int = \"text\"", "error", "", "")], "(* nothing *)", most=1)
    return dict(planted=faults, command="ocamlc -c part.ml", own=lambda log, machine: (len(re.findall(r"^Error", log, re.M)), None))


@tool("dune", "dune ocamlc", "ocaml")
def dune(d, rnd):
    write(d, "dune-project", "(lang dune 2.0)\n")
    write(d, "dune", "(library (name part))\n")
    faults = planted(d, "part.ml", rnd, [("let f%d () = undeclared%d", "error", "", "undeclared%d")], "(* nothing *)", most=1)
    return dict(planted=faults, command="dune build", own=lambda log, machine: (len(re.findall(r"^Error", log, re.M)), None))


@tool("mcs", "mcs", "csc")
def mcs(d, rnd):
    kinds = [("  int f%d() { return undeclared%d; }", "error", "CS0103", "undeclared%d"), ("  int s%d = \"text\";", "error", "CS0029", ""), ("  void h%d() { int idle%d = 1; }", "warning", "CS0219", "idle%d")]
    faults = planted(d, "Part.cs", rnd, kinds[:2], "  // nothing", "class Part {\n", "}\n")
    return dict(planted=faults, command="mcs -target:library Part.cs", own=lambda log, machine: (number(r"Compilation failed: (\d+) error", log), None))


@tool("zig", "python-zig", "zig")
def zig(d, rnd):
    faults = planted(d, "part.zig", rnd, [("export fn f%d() i32 { return undeclared%d; }", "error", "", "undeclared%d")], "// nothing")
    return dict(planted=faults, command="python-zig build-lib part.zig", own=lambda log, machine: (len(re.findall(r": error: ", log)), None))


@tool("protoc", "protoc")
def protoc(d, rnd):
    kinds = [("message M%d { Undeclared%d a = 1; }", "error", "", "Undeclared%d")]
    return dict(planted=planted(d, "part.proto", rnd, kinds, "// nothing", 'syntax = "proto3";\n'), command="protoc --cpp_out=. part.proto", own=lambda log, machine: (len(re.findall(r"^part\.proto:", log, re.M)), None))


@tool("bison", "bison")
def bison(d, rnd):
    kinds = [("r%d: UNDECLARED%d;", "error", "", "UNDECLARED%d")]
    return dict(planted=planted(d, "part.y", rnd, kinds, "/* nothing */", "%%\n", most=3), command="bison part.y", exact=False, own=lambda log, machine: (len(re.findall(r": error: ", log)), None))


@tool("fpc", "fpc")
def fpc(d, rnd):
    kinds = [("  undeclared%d := 1;", "error", "", "undeclared%d")]
    return dict(planted=planted(d, "part.pas", rnd, kinds, "  { nothing }", "program p;\nbegin\n", "end.\n"), command="fpc part.pas", exact=False, own=lambda log, machine: (None, None))


@tool("perl", "perl")
def perl(d, rnd):
    faults = planted(d, "part.pl", rnd, [("my $x%d = $undeclared%d;", "error", "", "undeclared%d")], "# nothing", "use strict;\n")
    return dict(planted=faults, command="perl -c part.pl", own=lambda log, machine: (len(re.findall(r" at part\.pl line", log)), None))


def shell_tests(name, needs, file, head, test, command, count, tools):
    def make(d, rnd):
        faults = planted(d, file, rnd, [(test, "error", "", "p%d")], "# nothing", head)
        return dict(planted=faults, command=command, own=lambda log, machine: (len(re.findall(count, log, re.M)), None))
    tool(name, needs, tools)(make)


shell_tests("prove", "prove perl", "t/part.t", "use Test::More;\n", "is(1 + %d, 77, 'p%d');", "prove t", r"^#   Failed test 'p\d+'", "prove,tap")
shell_tests("bats", "bats", "part.bats", "", "@test \"p%d\" {\n  [ 1 -eq 2 ] ¤\n}", "bats --tap part.bats", r"^not ok", "tap,bats")


@tool("php", "php")
def php(d, rnd):
    write(d, "part.php", "<?php\n" + "// nothing\n" * rnd.randint(0, 5) + "function f() { return 1 1; }\n")
    return dict(planted=[("part.php", open(os.path.join(d, "part.php")).read().count("\n"), "error", "", "syntax error")], command="php -l part.php", own=lambda log, machine: (1, None))


@tool("phpunit", "phpunit")
def phpunit(d, rnd):
    kinds = [("  public function testP%d() { $this->assertSame(77, 1 + %d); }", "error", "", "")]
    faults = planted(d, "PartTest.php", rnd, kinds, "  // nothing", "<?php\nuse PHPUnit\\Framework\\TestCase;\nclass PartTest extends TestCase {\n", "}\n")
    return dict(planted=faults, command="phpunit PartTest.php", own=lambda log, machine: (number(r"Failures: (\d+)", log), None))


@tool("rspec", "rspec")
def rspec(d, rnd):
    faults = planted(d, "spec/part_spec.rb", rnd, [("  it('p%d') { expect(1 + %d).to eq(77) }", "error", "", "")], "  # nothing", "RSpec.describe 'part' do\n", "end\n")
    return dict(planted=faults, command="rspec", own=lambda log, machine: (number(r"(\d+) failures?", log), None))


@tool("rubocop", "rubocop")
def rubocop(d, rnd):
    kinds = [("def f%d(x)\n  y%d = 1 ¤\n  x\nend", "warning", "Lint/UselessAssignment", "y%d")]
    return dict(planted=planted(d, "part.rb", rnd, kinds, "", most=3), command="rubocop --only Lint/UselessAssignment part.rb", own=lambda log, machine: (None, number(r"(\d+) offenses? detected", log)), exact=False)


@tool("terraform", "terraform")
def terraform(d, rnd):
    kinds = [('output "o%d" { value = local.undeclared%d }', "error", "", "undeclared%d")]
    return dict(planted=planted(d, "main.tf", rnd, kinds, "# nothing"), command="terraform validate -no-color", own=lambda log, machine: (log.count("Error: "), None))


# ---- JavaScript ------------------------------------------------------------------------------------------------------
def modules(d):
    os.symlink(os.environ.get("NODE_MODULES") or "/nowhere", os.path.join(d, "node_modules"))


TS = [('export const a%d: number = "text";', "error", "TS2322", ""), ("export function b%d() { return undeclared%d; }", "error", "TS2304", "undeclared%d"),
      ("export function c%d(s: string) { return s.absent%d; }", "error", "TS2339", "absent%d")]


@tool("tsc", "tsc")
def tsc(d, rnd):
    faults = planted(d, "src/part.ts", rnd, TS, "// nothing")
    return dict(planted=faults, command="tsc --noEmit --pretty %s src/part.ts" % rnd.choice(["true", "false"]), machine="tsc --noEmit --pretty true src/part.ts",
                own=lambda log, machine: (number(r"Found (\d+) error", machine), None))


def severities(text, key):
    return [m for f in json_of(text, "[") for m in (f[key] if isinstance(f, dict) else [])]


@tool("eslint", "eslint")
def eslint(d, rnd):
    kinds = [("export function a%d(x) { return x == %d; }", "warning", "eqeqeq", ""), ("export function b%d() { return undeclared%d; }", "error", "no-undef", "undeclared%d"),
             ("export function c%d() { const idle%d = 1; }", "error", "no-unused-vars", "idle%d")]
    faults = planted(d, "src/part.js", rnd, kinds, "// nothing") + planted(d, "src/other.js", rnd, kinds[1:], "// nothing")
    write(d, "eslint.config.mjs", 'export default [{rules: {eqeqeq: "warn", "no-undef": "error", "no-unused-vars": "error"}}];\n')
    return dict(planted=faults, command="eslint src", machine="eslint -f json src",
                own=lambda log, machine: tuple(sum(m["severity"] == s for m in severities(machine, "messages")) for s in (2, 1)))


@tool("stylelint", "stylelint")
def stylelint(d, rnd):
    kinds = [("a.b%d { color: #ab; }", "error", "color-no-invalid-hex", ""), ("a.c%d { color: red; color: blue; }", "error", "declaration-block-no-duplicate-properties", "")]
    write(d, ".stylelintrc.json", '{"rules": {"color-no-invalid-hex": true, "declaration-block-no-duplicate-properties": true}}')
    return dict(planted=planted(d, "part.css", rnd, kinds, "/* nothing */"), command="stylelint part.css", machine="stylelint -f json part.css 2>&1",
                own=lambda log, machine: (sum(m["severity"] == "error" for m in severities(machine, "warnings")), 0))


@tool("biome", "biome")
def biome(d, rnd):
    kinds = [("export function a%d(x) { return x == %d; }", "error", "lint/suspicious/noDoubleEquals", ""), ("export function b%d() { debugger; }", "error", "lint/suspicious/noDebugger", "")]
    return dict(planted=planted(d, "part.js", rnd, kinds, "// nothing"), command="biome lint part.js", own=lambda log, machine: (number(r"Found (\d+) error", log), None))


def js_tests(name, file, head, test, tail, command, machine, count, setup=None):
    def make(d, rnd):
        modules(d) if name in ("vitest",) else None
        if setup: setup(d)
        faults = planted(d, file, rnd, [(test, "error", "", "p%d")], "// nothing", head, tail)
        return dict(planted=faults, command=command, machine=machine, own=lambda log, machine: (count(log, machine), None))
    tool(name, command.split()[0], "node,tap" if name == "node-test" else name)(make)


last_json = lambda text: json.loads(text[text.index("{"):text.rindex("}") + 1])
js_tests("jest", "part.test.js", "describe('part', () => {\n", "  test('p%d', () => { expect(1 + %d).toBe(77); });", "});\n", "jest", "jest --json 2>/dev/null",
         lambda log, machine: last_json(machine)["numFailedTests"], lambda d: write(d, "package.json", '{"name": "p"}'))
js_tests("vitest", "part.test.js", "import { describe, expect, test } from 'vitest';\ndescribe('part', () => {\n", "  test('p%d', () => { expect(1 + %d).toBe(77); });", "});\n", "vitest run",
         "vitest run --reporter=json 2>/dev/null", lambda log, machine: last_json(machine)["numFailedTests"])
js_tests("mocha", "test/part.js", "const assert = require('assert');\ndescribe('part', () => {\n", "  it('p%d', () => { assert.strictEqual(1 + %d, 77); });", "});\n", "mocha",
         "mocha --reporter json", lambda log, machine: last_json(machine)["stats"]["failures"])
js_tests("node-test", "part.test.js", "const test = require('node:test');\nconst assert = require('node:assert');\n", "test('p%d', () => { assert.strictEqual(1 + %d, 77); });", "",
         "node --test", "node --test --test-reporter=tap", lambda log, machine: number(r"# fail (\d+)", machine))


@tool("node", "node")
def node(d, rnd):
    write(d, "part.js", "// nothing\n" * rnd.randint(0, 5) + "undeclared();\n")
    return dict(planted=[("part.js", open(os.path.join(d, "part.js")).read().count("\n"), "error", "ReferenceError", "undeclared")], command="node part.js", own=lambda log, machine: (1, None))


@tool("npm", "npm", "npm,mira")
def npm(d, rnd):
    write(d, "package.json", '{"name": "p", "version": "1.0.0", "scripts": {"build": "exit %d"}}' % rnd.randint(1, 9))
    return dict(planted=[(None, None, "error", "", "")], command="npm run build", own=lambda log, machine: (None, None), exact=False)


# ---- Python ----------------------------------------------------------------------------------------------------------
def python_checker(name, command, kinds, own, machine=None, head="", setup=None, **more):
    def make(d, rnd):
        if setup: setup(d)
        return dict(planted=planted(d, "part.py", rnd, kinds, "# nothing", head), command=command, machine=machine, own=own, **more)
    tool(name, command.split()[0])(make)


python_checker("mypy", "mypy part.py", [("a%d: int = 'text'", "error", "assignment", ""), ("def f%d() -> int: return undeclared%d", "error", "name-defined", "undeclared%d")],
               lambda log, machine: (number(r"Found (\d+) error", log), None))
python_checker("pyright", "pyright part.py", [("a%d: int = 'text'", "error", "reportAssignmentType", ""), ("def f%d() -> int: return undeclared%d", "error", "reportUndefinedVariable", "undeclared%d")],
               lambda log, machine: (number(r"(\d+) errors?, ", log), number(r"errors?, (\d+) warning", log)))
python_checker("ruff", "ruff check part.py", [("def f%d(): return undeclared%d", "error", "F821", "undeclared%d"), ("def g%d(x): assert (x, 'no')", "error", "F631", "")],
               lambda log, machine: (number(r"Found (\d+) error", log), None))
python_checker("flake8", "flake8 --select=F,E9 part.py", [("def f%d(): return undeclared%d", "error", "F821", "undeclared%d"), ("def g%d(x): assert (x, 'no')", "error", "F631", "")],
               lambda log, machine: (number(r"^(\d+)$", log.strip().split("\n")[-1], len(log.strip().split("\n"))), None))
python_checker("pylint", "pylint --disable=all --enable=E,W0612 part.py", [("def f%d(): return undeclared%d", "error", "E0602", "undeclared%d"), ("def g%d():\n    idle%d = 1 ¤", "warning", "W0612", "idle%d")],
               lambda log, machine: tuple(of_severity([m["type"] for m in json_of(machine, "[")], kind) for kind in ("error", "warning")),
               "pylint --disable=all --enable=E,W0612 -f json part.py")


@tool("yamllint", "yamllint")
def yamllint(d, rnd):
    faults = planted(d, "part.yaml", rnd, [("k%d: [a,  b]", "error", "commas", "spaces")], "# nothing", "---\n")
    return dict(planted=faults, command="yamllint part.yaml", machine="yamllint -f parsable part.yaml", own=lambda log, machine: (machine.count("[error]"), machine.count("[warning]")))


@tool("pytest", "pytest")
def pytest(d, rnd):
    faults = planted(d, "test_part.py", rnd, [("def test_p%d(): assert %d == 'planted'", "error", "", "")], "# nothing")
    style = rnd.choice(["", "-q", "--tb=short", "--tb=line", "--tb=native", "-q --tb=no", "-v", "-rA"])
    if style == "-q --tb=no": faults = [(None, None, "error", "", "test_p%d" % n) for n in range(1, len(faults) + 1)]
    return dict(planted=faults, command="pytest -p no:cacheprovider %s" % style, own=lambda log, machine: (number(r"(\d+) failed", log), None))


@tool("unittest", "python3")
def unittest(d, rnd):
    kinds = [("  def test_p%d(self): self.assertEqual(1 + %d, 77)", "error", "AssertionError", ""), ("  def test_q%d(self): undeclared()", "error", "NameError", "")]
    faults = planted(d, "test_part.py", rnd, kinds, "  # nothing", "import unittest\nclass Part(unittest.TestCase):\n")
    return dict(planted=faults, command="python3 -m unittest", own=lambda log, machine: (number(r"failures=(\d+)", log) + number(r"errors=(\d+)", log), None))


@tool("python", "python3")
def python(d, rnd):
    write(d, "part.py", "# nothing\n" * rnd.randint(0, 5) + rnd.choice(["undeclared()\n", "def (:\n"]))
    return dict(planted=[("part.py", open(os.path.join(d, "part.py")).read().count("\n"), "error", "", "")], command="python3 part.py", own=lambda log, machine: (1, None))


# ---- shell and containers --------------------------------------------------------------------------------------------
@tool("shellcheck", "shellcheck")
def shellcheck(d, rnd):
    kinds = [("rm $x%d", "warning", "SC2086", ""), ("for i in $(ls); do echo \"$i\" %d; done", "error", "SC2045", ""), ("if [ -n $y%d ]; then :; fi", "error", "SC2070", "")]
    faults = planted(d, "part.sh", rnd, kinds, "# nothing", "#!/bin/bash\n")
    form = rnd.choice(["gcc", "tty"])
    return dict(planted=faults, command="shellcheck -f %s part.sh" % form, machine="shellcheck -f json part.sh", exact=False,
                own=lambda log, machine: (of_severity([m["level"] for m in json_of(machine, "[")]), sum(m["level"] != "error" for m in json_of(machine, "["))))


@tool("hadolint", "hadolint")
def hadolint(d, rnd):
    kinds = [("RUN cd /tmp/%d", "warning", "DL3003", ""), ("MAINTAINER someone%d", "error", "DL4000", "")]
    return dict(planted=planted(d, "Dockerfile", rnd, kinds, "# nothing", "FROM debian:12\n"), command="hadolint --no-color Dockerfile", machine="hadolint -f json Dockerfile",
                own=lambda log, machine: (of_severity([m["level"] for m in json_of(machine, "[")]), of_severity([m["level"] for m in json_of(machine, "[")], "warning")), exact=False)


@tool("bash", "bash", "shell")
def bash(d, rnd):
    write(d, "part.sh", "# nothing\n" * rnd.randint(0, 5) + "frobnicate_the_thing\n")
    return dict(planted=[("part.sh", open(os.path.join(d, "part.sh")).read().count("\n"), "error", "", "frobnicate_the_thing")], command="bash part.sh", own=lambda log, machine: (1, None))
