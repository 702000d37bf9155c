"""Faults that real tools tell of, for fingerprint_pairs.py: (kind, mark, source). {v} {w} {f} {c} {t} {u} {n} become names, types
and numbers drawn anew for each variant; "mark" is the tool's code for it ("=code") or words that only its message has."""

NAMES = ("cart order price total user login coupon cache route parser printer store index parcel timer event widget frame buffer stream count "
         "value item name key width height node state config client server result data size length token entry owner label score level depth "
         "weight amount limit offset rate discount basket invoice payment ticket message channel reader writer handler session").split()

C_FAULTS = [
    ("undeclared", "undeclared", "int {f}_a(int {w}) {\n  return {w} + {v}_gone;\n}"),
    ("implicit function", "implicit declaration|undeclared function", "int {f}_b(int {w}) {\n  return {v}_call({w});\n}"),
    ("unused variable", "unused variable", "int {f}_c(int {w}) {\n  int {v}_idle = {n};\n  return {w};\n}"),
    ("unused parameter", "unused parameter", "int {f}_d(int {w}, int {v}_extra) {\n  return {w};\n}"),
    ("no member", "has no member named|no member named", "struct {t}1 { int {v}; };\nint {f}_e(struct {t}1 *{w}) {\n  return {w}->{v}_lost;\n}"),
    ("too few arguments", "too few arguments", "int {f}_f1(int {v}, int {w});\nint {f}_f2(int {v}) {\n  return {f}_f1({v});\n}"),
    ("too many arguments", "too many arguments to function", "int {f}_g1(int {v});\nint {f}_g2(int {v}) {\n  return {f}_g1({v}, {n}, {n});\n}"),
    ("int from pointer", "makes integer from pointer|pointer to integer conversion", "int {f}_h(void) {\n  int {v} = \"{w}\";\n  return {v};\n}"),
    ("control reaches end", "control reaches end|does not return a value in all|non-void function does not return", "int {f}_i(int {v}) {\n  if ({v}) return {n};\n}"),
    ("format argument", "format .* expects argument|format specifies type", "int printf(const char *, ...);\nint {f}_j(long {v}) {\n  return printf(\"%s {w}\", {v});\n}"),
    ("redefinition", "redefinition of", "int {f}_k(void) { return {n}; }\nint {f}_k(void) { return {n}; }"),
    ("sign compare", "comparison of integer|comparison of integers", "int {f}_l(int {v}, unsigned {w}) {\n  return {v} < {w};\n}"),
    ("lvalue", "lvalue required|expression is not assignable", "int {f}_m(int {v}) {\n  {v} + 1 = {n};\n  return {v};\n}"),
    ("void value", "void value not ignored|initializing .int. with an expression of incompatible type|incompatible type .void.", "void {f}_n1(int {v});\nint {f}_n(int {v}) {\n  int {w} = {f}_n1({v});\n  return {w};\n}"),
    ("incomplete", "storage size of|has incomplete type", "int {f}_o(void) {\n  struct {u}_absent {v};\n  return 0;\n}"),
    ("called object", "called object|is not a function", "int {f}_p(int {v}) {\n  return {v}({n});\n}"),
    ("break outside", "break statement not within|.break. statement not in", "int {f}_q(int {v}) {\n  break;\n  return {v};\n}"),
    ("duplicate case", "duplicate case value", "int {f}_r(int {v}) {\n  switch ({v}) {\n    case {n}: return 1;\n    case {n}: return 2;\n  }\n  return 0;\n}"),
    ("missing semicolon", "expected .;. before|expected .;. after", "int {f}_s(int {v}) {\n  return {v}\n}"),
    ("unknown type", "unknown type name", "int {f}_t({u}_missing *{v}) {\n  return {v} != 0;\n}"),
]
CPP_FAULTS = [
    ("undeclared", "was not declared in this scope|use of undeclared identifier", "int {f}_a(int {w}) {\n  return {w} + {v}_gone;\n}"),
    ("no member", "has no member named|no member named", "struct {t}1 { int {v}; };\nint {f}_b({t}1 &{w}) {\n  return {w}.{v}_lost;\n}"),
    ("no matching function", "no matching function for call", "int {f}_c1(int {v}, int {w});\nint {f}_c(int {v}) {\n  return {f}_c1();\n}"),
    ("private", "is private within|is a private member", "class {t}2 { int {v}; };\nint {f}_d({t}2 &{w}) {\n  return {w}.{v};\n}"),
    ("abstract", "abstract", "struct {t}3 { virtual int {v}() = 0; };\nint {f}_e() {\n  {t}3 {w};\n  return 0;\n}"),
    ("read only", "assignment of read-only|cannot assign to variable", "int {f}_f(const int {v}) {\n  {v} = {n};\n  return {v};\n}"),
    ("string to int", "invalid conversion from|cannot initialize a variable", "int {f}_g() {\n  int {v} = \"{w}\";\n  return {v};\n}"),
    ("unused variable", "unused variable", "int {f}_h(int {w}) {\n  int {v}_idle = {n};\n  return {w};\n}"),
    ("override", "marked .override., but does not override|only virtual member functions can be marked", "struct {t}4 { int {v}() override; };"),
    ("no namespace member", "is not a member of|no member named .* in namespace", "namespace {w}_space { int {v}; }\nint {f}_j() {\n  return {w}_space::{v}_lost;\n}"),
    ("wrong template count", "wrong number of template arguments|too few template arguments", "template <class A, class B> struct {t}5 {};\n{t}5<int> {v}_object;"),
    ("control reaches end", "no return statement in function|non-void function does not return", "int {f}_l(int {v}) {\n  {v} = {n};\n}"),
    ("uninitialised reference", "declared as reference but not initialized|declaration of reference variable", "int {f}_m() {\n  int &{v};\n  return 0;\n}"),
    ("deleted", "use of deleted function|call to deleted constructor", "struct {t}6 { {t}6(const {t}6 &) = delete; {t}6(); };\n{t}6 {f}_n({t}6 &{v}) {\n  return {v};\n}"),
]
TS_FAULTS = [
    ("not assignable", "=TS2322", "let {v}A: number = \"{w}\";"), ("not assignable", "=TS2322", "let {v}B: string[] = {n};"),
    ("cannot find name", "=TS2304", "const {v}C = {w}Gone;"), ("cannot find name", "=TS2304", "type {t}Q = {u}Gone;"), ("property does not exist", "=TS2339", "({ {v}: 1 }).{w}Lost;"),
    ("argument not assignable", "=TS2345", "function {f}D(a: number) { return a; }\n{f}D(\"{v}\");"),
    ("arguments count", "=TS2554", "function {f}E(a: number, b: string) { return [a, b]; }\n{f}E({n});"),
    ("const assigned", "=TS2588", "const {v}F = {n};\n{v}F = 3;"), ("property missing", "=TS2741", "interface {t}G { {v}: number; {w}: string }\nconst {v}G: {t}G = { {v}: {n} };"),
    ("implicit any", "=TS7006", "function {f}H({v}) { return 1; }"), ("possibly null", "=TS18047", "function {f}I({v}: string | null) {\n  return {v}.length;\n}"),
    ("not callable", "=TS2349", "const {v}J = {n};\n{v}J();"), ("duplicate identifier", "=TS2300", "class {t}K { {v} = 1; {v} = {n}; }"),
    ("no overlap", "=TS2367", "function {f}L({v}: \"a\" | \"b\") { return {v} === \"{w}\"; }"), ("module not found", "=TS2307", "import { {v}M } from \"./{w}Absent\";"),
    ("unused", "=TS6133", "function {f}N({v}: number) { return 1; }\n{f}N(1);"), ("not all paths", "=TS7030", "function {f}O({v}: boolean) {\n  if ({v}) return {n};\n}"),
    ("class incorrectly implements", "=TS2420", "interface {t}P { {v}(): void }\nclass {u}P implements {t}P {}"),
]
ESLINT_FAULTS = [
    ("no-undef", "=no-undef", "{v}Gone();"), ("no-unused-vars", "=no-unused-vars", "const {v}Idle = {n};"), ("eqeqeq", "=eqeqeq", "if (a == {n}) a();"),
    ("eqeqeq", "=eqeqeq", "if (a != {n}) a();"), ("no-var", "=no-var", "var {v}Old = a;\na({v}Old);"), ("prefer-const", "=prefer-const", "let {v}Once = {n};\na({v}Once);"),
    ("no-debugger", "=no-debugger", "debugger;"), ("no-empty", "=no-empty", "if (a) {\n}"), ("no-console", "=no-console", "console.log(\"{v}\");"),
    ("no-dupe-keys", "=no-dupe-keys", "a({ {v}: 1, {v}: {n} });"), ("no-unreachable", "=no-unreachable", "export function {f}A() {\n  return {n};\n  a();\n}"),
    ("no-shadow", "=no-shadow", "export function {f}B(a) { return a; }"), ("camelcase", "=camelcase", "export const {v}_snake = {n};"),
    ("no-else-return", "=no-else-return", "export function {f}C(b) {\n  if (b) { return 1; } else { return {n}; }\n}"), ("no-eval", "=no-eval", "eval(\"{v}\");"),
    ("curly", "=curly", "while (a) a();"), ("max-params", "=max-params", "export function {f}D(b, c, d, e, g) { return [b, c, d, e, g]; }"),
    ("no-param-reassign", "=no-param-reassign", "export function {f}E({v}) { {v} = {n}; return {v}; }"), ("no-undef-init", "=no-undef-init", "export let {v}Init = undefined;"),
    ("no-constant-condition", "=no-constant-condition", "if ({n}) { a(); }"), ("no-self-assign", "=no-self-assign", "a = a;"), ("radix", "=radix", "a(parseInt(\"{n}\"));"),
    ("complexity", "=complexity", "export function {f}F(b) { if (b) { a(1); } if (b.c) { a(2); } if (b.d) { a(3); } if (b.e) { a(4); } return 1; }"),
]
PYLINT_FAULTS = [
    ("undefined-variable", "=E0602", "{v}_a = {w}_gone"), ("unused-import", "=W0611", "import {v}_x as {w}_y"), ("import-error", "=E0401", "import {v}_absent"),
    ("missing-function-docstring", "=C0116", "def {f}_b():\n    return 1"), ("unused-argument", "=W0613", "def {f}_c({v}):\n    \"\"\"D.\"\"\"\n    return 1"),
    ("unused-variable", "=W0612", "def {f}_d():\n    \"\"\"D.\"\"\"\n    {v} = {n}"), ("redefined-outer-name", "=W0621", "{v}_e = 1\ndef {f}_e({v}_e):\n    \"\"\"D.\"\"\"\n    return {v}_e"),
    ("too-many-arguments", "=R0913", "def {f}_f(a, b, c, d, e, g, h):\n    \"\"\"D.\"\"\"\n    return a, b, c, d, e, g, h"),
    ("no-member", "=E1101", "class {t}G:\n    \"\"\"D.\"\"\"\n{v}_g = {t}G().{w}_lost"), ("too-few-public-methods", "=R0903", "class {t}H:\n    \"\"\"D.\"\"\"\n    {v} = 1"),
    ("dangerous-default-value", "=W0102", "def {f}_i({v}=[]):\n    \"\"\"D.\"\"\"\n    return {v}"), ("bare-except", "=W0702", "try:\n    pass\nexcept:\n    pass"),
    ("consider-using-f-string", "=C0209", "{v}_k = \"%s {w}\" % 1"), ("invalid-name", "=C0103", "def {c}():\n    \"\"\"D.\"\"\"\n    return 1"),
    ("no-value-for-parameter", "=E1120", "def {f}_m({v}):\n    \"\"\"D.\"\"\"\n    return {v}\n{f}_m()"), ("line-too-long", "=C0301", "{v}_n = '" + "x" * 101 + "{w}'"),
    ("pointless-statement", "=W0104", "{n}"), ("no-else-return", "=R1705", "def {f}_p({v}):\n    \"\"\"D.\"\"\"\n    if {v}:\n        return 1\n    else:\n        return {n}"),
]
MYPY_FAULTS = [
    ("name-defined", "=name-defined", "{v}_a = {w}_gone"), ("assignment", "=assignment", "{v}_b: int = '{w}'"), ("assignment", "=assignment", "{v}_b2: list[str] = {n}"), ("return-value", "=return-value", "def {f}_c() -> int:\n    return '{v}'"),
    ("arg-type", "=arg-type", "def {f}_d({v}: int) -> None: ...\n{f}_d('{w}')"), ("attr-defined", "=attr-defined", "class {t}E: ...\n{t}E().{v}_lost"),
    ("call-arg", "=call-arg", "def {f}_g({v}: int, {w}: int) -> None: ...\n{f}_g({n})"), ("call-arg", "=call-arg", "def {f}_h({v}: int) -> None: ...\n{f}_h(1, {n})"),
    ("import-not-found", "Cannot find implementation", "import {v}_absent"), ("union-attr", "=union-attr", "from typing import Optional\ndef {f}_i({v}: Optional[str]) -> int:\n    return {v}.count('{w}')"),
    ("index", "=index", "{n}[0]"), ("operator", "=operator", "{v}_k = 1 + '{w}'"), ("return missing", "Missing return statement", "def {f}_l({v}: bool) -> int:\n    if {v}:\n        return {n}"),
    ("no-redef", "=no-redef", "class {t}M: ...\nclass {t}M: ..."), ("typeddict-item", "=list-item", "{v}_n: list[int] = ['{w}']"),
]
FLAKE8_FAULTS = [
    ("F401", "=F401", "import {v}_x"), ("F841", "=F841", "def {f}_a():\n    {v} = {n}"), ("F821", "=F821", "{w}_gone"), ("E501", "=E501", "{v}_b = '" + "x" * 80 + "{w}'"), ("E225", "=E225", "{v}_c={n}"),
    ("E302", "=E302", "def {f}_d():\n    pass"), ("W291", "=W291", "{v}_e = 1  "), ("E711", "=E711", "{v}_f = {w} == None"), ("E722", "=E722", "try:\n    pass\nexcept:\n    pass"),
    ("F811", "=F811", "def {f}_g(): return 1\ndef {f}_g(): return 2"), ("E231", "=E231", "{v}_h = [1,{n}]"), ("E261", "=E261", "{v}_i = 1 # {w}"), ("F541", "=F541", "{v}_j = f'{w}'"), ("E741", "=E741", "l = {n}"),
    ("E731", "=E731", "{v}_k = lambda: {n}"), ("E303", "=E303", "{v}_l = 1\n\n\n\n{w}_l = 2"), ("F632", "=F632", "{v}_m = {w} is '{c}'"), ("F811", "=F811", "import {v}_n\nimport {v}_n"),
]
RUFF_FAULTS = [("F401", "=F401", "import {v}_x"), ("F841", "=F841", "def {f}_a():\n    {v} = {n}"), ("F821", "=F821", "{w}_gone"), ("E711", "=E711", "{v}_f = {w} == None"), ("E722", "=E722", "try:\n    pass\nexcept:\n    pass"),
    ("F811", "=F811", "def {f}_g(): return 1\ndef {f}_g(): return 2"), ("F541", "=F541", "{v}_j = f'{w}'"), ("E741", "=E741", "l = {n}"), ("E731", "=E731", "{v}_k = lambda: {n}"), ("F632", "=F632", "{v}_m = {w} is '{c}'"),
    ("B006", "=B006", "def {f}_n({v}=[]): return {v}"), ("B007", "=B007", "for {v} in []:\n    pass"), ("N801", "=N801", "class {v}_o: pass"), ("N802", "=N802", "def {c}(): pass"), ("PLR2004", "=PLR2004", "if {v}_p > 4{n}: pass"),
    ("SIM108", "=SIM108", "if {v}_q:\n    {w}_q = 1\nelse:\n    {w}_q = {n}"), ("UP006", "=UP006", "from typing import List\n{v}_r: List[int] = []"), ("PLR0913", "=PLR0913", "def {f}_s(a, b, c, d, e, g): pass"), ("S101", "=S101", "assert {v}_t"),
    ("T201", "=T201", "print('{v}')"), ("ARG001", "=ARG001", "def {f}_u({v}): return 1"), ("D103", "=D103", "def {f}_v(): return 2")]
GO_FAULTS = [
    ("undefined", "undefined: ", "func {f}A() int {\n\treturn {v}Gone\n}"), ("not used", "declared (and|but) not used|declared and not used", "func {f}B() {\n\t{v}Idle := {n}\n}"), ("cannot use", "cannot use", "func {f}C() int {\n\tvar {v}C int = \"{w}\"\n\treturn {v}C\n}"),
    ("cannot use", "cannot use", "func {f}D() string {\n\treturn {n}\n}"), ("missing return", "missing return", "func {f}E({v} bool) int {\n\tif {v} {\n\t\treturn {n}\n\t}\n}"), ("no field", "undefined \\(type", "type {t}F struct{ {v} int }\n\nfunc {f}F(x {t}F) int {\n\treturn x.{w}Lost\n}"),
    ("not enough arguments", "not enough arguments", "func {f}G(a, b int) int { return a }\n\nfunc {f}G2() int {\n\treturn {f}G({n})\n}"), ("too many arguments", "too many arguments", "func {f}H(a int) int { return a }\n\nfunc {f}H2() int {\n\treturn {f}H({n}, 2)\n}"),
    ("redeclared", "redeclared", "func {f}I() {}\n\nfunc {f}I() {}"), ("mismatched", "mismatched types|invalid operation", "func {f}J(a int, b string) bool {\n\treturn a == b\n}"), ("no new variables", "no new variables", "func {f}K() int {\n\t{v}K := 1\n\t{v}K := {n}\n\treturn {v}K\n}"),
    ("does not implement", "does not implement", "type {t}L interface{ {u}() }\n\ntype {u}L struct{}\n\nvar {v}L {t}L = {u}L{}"), ("assignment mismatch", "assignment mismatch", "func {f}M() int {\n\ta, b := {n}\n\treturn a + b\n}"), ("not a type", "is not a type", "var {v}N int\n\nfunc {f}N(x {v}N) {}"),
    ("cannot assign", "cannot assign", "func {f}O() {\n\tconst {v}O = {n}\n\t{v}O = 2\n}"), ("duplicate case", "duplicate case", "func {f}P(x int) int {\n\tswitch x {\n\tcase {n}:\n\tcase {n}:\n\t}\n\treturn 1\n}"),
]
RUST_FAULTS = [
    ("E0425", "=E0425", "fn {f}_a() -> i32 {\n    {v}_gone\n}"), ("E0308", "=E0308", "fn {f}_b() -> i32 {\n    \"{v}\"\n}"), ("E0308", "=E0308", "fn {f}_b2() {\n    let {v}: u8 = \"{w}\";\n}"), ("E0433", "=E0433", "fn {f}_c() {\n    {v}_mod::{w}();\n}"), ("E0412", "=E0412", "fn {f}_d(_x: {u}Gone) {}"),
    ("E0599", "=E0599", "fn {f}_e(x: i32) {\n    x.{v}_lost();\n}"), ("E0061", "=E0061", "fn {f}_f1(_a: i32, _b: i32) {}\nfn {f}_f2() {\n    {f}_f1({n});\n}"), ("E0609", "=E0609", "struct {t}G { {v}: i32 }\nfn {f}_g(x: {t}G) -> i32 {\n    x.{w}_lost\n}"),
    ("E0063", "=E0063", "struct {t}H { {v}: i32, {w}: i32 }\nfn {f}_h() -> {t}H {\n    {t}H { {v}: {n} }\n}"), ("E0428", "=E0428", "fn {f}_i() {}\nfn {f}_i() {}"), ("E0277", "=E0277", "fn {f}_j(x: i32) -> i32 {\n    x + \"{v}\"\n}"), ("E0432", "=E0432", "use crate::{v}_absent::{w};"),
    ("E0560", "=E0560", "struct {t}K { {v}: i32 }\nfn {f}_k() -> {t}K {\n    {t}K { {v}: 1, {w}_more: {n} }\n}"), ("E0046", "=E0046", "trait {t}L { fn {v}(&self); }\nstruct {u}L;\nimpl {t}L for {u}L {}"), ("E0023", "=E0023", "enum {t}M { {u}(i32, i32) }\nfn {f}_m(x: {t}M) {\n    match x { {t}M::{u}(_a) => {} }\n}"),
    ("E0106", "=E0106", "struct {t}N { {v}: &str }"), ("E0407", "=E0407", "trait {t}O {}\nstruct {u}O;\nimpl {t}O for {u}O { fn {v}(&self) {} }"),
]
JAVA_FAULTS = [
    ("cannot find symbol", "cannot find symbol", "  int {f}A() {\n    return {v}Gone;\n  }"), ("incompatible types", "incompatible types", "  int {f}B() {\n    int {v} = \"{w}\";\n    return {v};\n  }"), ("incompatible types", "incompatible types", "  String {f}B2(int {v}) {\n    return {v};\n  }"),
    ("incompatible types", "incompatible types", "  boolean {f}B3({t} {v}) {\n    return {v};\n  }\n  static class {t} {}"), ("already defined", "is already defined", "  void {f}C() {\n    int {v} = 1;\n    int {v} = {n};\n  }"),
    ("cannot be applied", "cannot be applied to given types", "  void {f}D(int {v}) {}\n  void {f}D2() {\n    {f}D(\"{w}\", {n});\n  }"), ("unreported exception", "unreported exception", "  void {f}E() {\n    throw new Exception(\"{v}\");\n  }"), ("final", "cannot assign a value to final", "  final int {v}F = {n};\n  void {f}F() {\n    {v}F = 1;\n  }"),
    ("not abstract", "is not abstract and does not override", "  interface {t}G { void {v}(); }\n  class {u}G implements {t}G {}"), ("no package", "package .* does not exist", "  {v}.{w}.{u} {f}H() {\n    return null;\n  }"), ("private access", "has private access", "  static class {t}I { }\n  int {f}I() {\n    return \"{v}\".value.length;\n  }"),
    ("static context", "from a static context", "  int {v}J;\n  static int {f}J() {\n    return {v}J;\n  }"), ("bad operand", "bad operand types", "  boolean {f}K(int {v}, String {w}) {\n    return {v} == 1 && {w};\n  }"), ("dereferenced", "cannot be dereferenced", "  int {f}L(int {v}) {\n    return {v}.{w}();\n  }"),
    ("array required", "array required", "  int {f}M(int {v}) {\n    return {v}[{n}];\n  }"), ("break outside", "break outside", "  void {f}N() {\n    break;\n  }"),
]
SHELL_FAULTS = [("SC2086", "=SC2086", "rm $" + "{v}"), ("SC2034", "=SC2034", "{v}_idle={n}"), ("SC2154", "=SC2154", "echo \"$" + "{w}\""), ("SC2046", "=SC2046", "echo $(cat {v})"), ("SC2006", "=SC2006", "echo \"`date +{n}`\""), ("SC2164", "=SC2164", "cd {v}"),
    ("SC2016", "=SC2016", "echo '$" + "{v}'"), ("SC2181", "=SC2181", "true {v}\nif [ $? -ne 0 ]; then true; fi"), ("SC2012", "=SC2012", "ls {v} | grep {w}"), ("SC2002", "=SC2002", "cat {v} | wc -l"), ("SC2162", "=SC2162", "read {v}_r"), ("SC2068", "=SC2068", "echo $@"),
    ("SC2155", "=SC2155", "export {v}_e=\"$(date)\""), ("SC2115", "=SC2115", "rm -rf \"$" + "{v}\"/*"), ("SC2029", "=SC2029", "ssh {v} \"echo $HOME\"")]
CPPCHECK_FAULTS = [("arrayIndexOutOfBounds", "=arrayIndexOutOfBounds", "int {f}_a(void) {\n  int {v}[4] = {0};\n  return {v}[1{n}];\n}"), ("uninitvar", "=uninitvar", "int {f}_b(void) {\n  int {v};\n  return {v};\n}"), ("memleak", "=memleak", "void {f}_c(void) {\n  char *{v} = malloc({n});\n}"), ("zerodiv", "=zerodiv", "int {f}_d(int {v}) {\n  return {v} / 0;\n}"),
    ("nullPointer", "=nullPointer", "int {f}_e(void) {\n  int *{v} = 0;\n  return *{v};\n}"), ("unreadVariable", "=unreadVariable", "void {f}_f(void) {\n  int {v} = {n};\n}"), ("variableScope", "=variableScope", "int {f}_g(int {w}) {\n  int {v};\n  if ({w}) {\n    {v} = {w} + 1;\n    return {v};\n  }\n  return 0;\n}"), ("unusedVariable", "=unusedVariable", "void {f}_h(void) {\n  int {v};\n}"),
    ("doubleFree", "=doubleFree", "void {f}_i(char *{v}) {\n  free({v});\n  free({v});\n}"), ("resourceLeak", "=resourceLeak", "void {f}_j(void) {\n  FILE *{v} = fopen(\"{w}\", \"r\");\n}"), ("duplicateExpression", "=duplicateExpression", "int {f}_k(int {v}) {\n  return {v} - {v};\n}"), ("selfAssignment", "=selfAssignment", "void {f}_l(int {v}) {\n  {v} = {v};\n}")]
TIDY_FAULTS = [("braces", "=readability-braces-around-statements", "int {f}_a(int {v}) {\n  if ({v}) return 1;\n  return {n};\n}"), ("nullptr", "=modernize-use-nullptr", "int *{f}_b() {\n  int *{v} = 0;\n  return {v};\n}"), ("auto", "=readability-identifier-length", "int {f}_c(int a) {\n  return a;\n}"), ("init", "=cppcoreguidelines-init-variables", "int {f}_d() {\n  int {v};\n  {v} = {n};\n  return {v};\n}"),
    ("else after return", "=readability-else-after-return", "int {f}_e(int {v}) {\n  if ({v}) {\n    return 1;\n  } else {\n    return {n};\n  }\n}"), ("swappable", "=bugprone-easily-swappable-parameters", "int {f}_f(int {v}, int {w}) {\n  return {v} - {w};\n}"), ("magic", "=readability-magic-numbers", "int {f}_g(int {v}) {\n  return {v} + 4{n};\n}"), ("c arrays", "=modernize-avoid-c-arrays", "int {f}_h() {\n  int {v}[{n}] = {};\n  return {v}[0];\n}"), ("non const global", "=cppcoreguidelines-avoid-non-const-global-variables", "int {v}_global = {n};"), ("trailing", "=modernize-use-trailing-return-type", "int {f}_i() {\n  return {n};\n}")]
CMAKE_FAULTS = [("unknown command", "Unknown CMake command", "{v}_gone(a)"), ("no sources", "Cannot find source file", "add_library({v}lib {w}.c)"), ("not enough", "incorrect number of arguments|requires at least|called with incorrect", "set()"), ("no package", "By not providing|Could not find a package", "find_package({u}Absent REQUIRED)"),
    ("include", "include could not find", "include({v}Absent)"), ("subdirectory", "not an existing directory", "add_subdirectory({v}_absent)"), ("target", "Cannot specify", "target_link_libraries({v}_t {w})"), ("message", "=never", "message(STATUS {v})")]

ESLINT_RULES = sorted({mark[1:] for _, mark, _ in ESLINT_FAULTS})
ESLINT_CONFIG = "export default [{ languageOptions: { ecmaVersion: 2022, sourceType: 'module' }, rules: { %s, 'max-params': ['error', 4], 'complexity': ['error', 4] } }];\n" % ", ".join("'%s': 'error'" % r for r in ESLINT_RULES)

TOOLS = [
    dict(name="gcc", programs=["gcc", "gcc-11", "gcc-12", "gcc-13"], ending=".c", comment="//", faults=C_FAULTS, command=["{program}", "-fsyntax-only", "-Wall", "-Wextra", "{file}"], colour=["-fdiagnostics-color=always"]),
    dict(name="g++", family="gcc", programs=["g++", "g++-11", "g++-12", "g++-13"], ending=".cpp", comment="//", faults=CPP_FAULTS, command=["{program}", "-fsyntax-only", "-Wall", "-Wextra", "{file}"], colour=["-fdiagnostics-color=always"]),
    dict(name="clang", programs=["clang", "clang-14", "clang-16", "clang-19"], ending=".c", comment="//", faults=C_FAULTS, command=["{program}", "-fsyntax-only", "-Wall", "-Wextra", "-ferror-limit=0", "{file}"], colour=["-fcolor-diagnostics"]),
    dict(name="clang++", family="clang", programs=["clang++", "clang++-14", "clang++-16", "clang++-19"], ending=".cpp", comment="//", faults=CPP_FAULTS, command=["{program}", "-fsyntax-only", "-Wall", "-Wextra", "-ferror-limit=0", "{file}"], colour=["-fcolor-diagnostics"]),
    dict(name="clang-tidy", programs=["clang-tidy", "clang-tidy-14", "clang-tidy-19"], ending=".cpp", comment="//", faults=TIDY_FAULTS, command=["{program}", "--checks=-*," + ",".join(m[1:] for _, m, _ in TIDY_FAULTS), "{file}", "--"]),
    dict(name="tsc", programs=["tsc"], ending=".ts", comment="//", faults=TS_FAULTS, command=["{program}", "--noEmit", "--strict", "--noUnusedParameters", "--noImplicitReturns", "--target", "es2022", "--module", "es2022", "{file}"], colour=["--pretty"], absolute=False, tail="export {};\n"),
    dict(name="eslint", programs=["eslint"], ending=".js", comment="//", faults=ESLINT_FAULTS, head="let a = null;\na = globalThis;\n", files={"eslint.config.mjs": ESLINT_CONFIG}, command=["{program}", "{file}"], colour=["--color"], absolute=False),
    dict(name="pylint", programs=["pylint"], ending=".py", comment="#", faults=PYLINT_FAULTS, command=["{program}", "--score=n", "{file}"]),
    dict(name="mypy", programs=["mypy"], ending=".py", comment="#", faults=MYPY_FAULTS, command=["{program}", "--no-incremental", "--cache-dir=/dev/null", "{file}"], absolute=False),
    dict(name="flake8", programs=["flake8"], ending=".py", comment="#", faults=FLAKE8_FAULTS, command=["{program}", "{file}"], absolute=False),
    dict(name="ruff", programs=["ruff"], ending=".py", comment="#", faults=RUFF_FAULTS, command=["{program}", "check", "--no-cache", "--isolated", "--select", ",".join(sorted({m[1:] for _, m, _ in RUFF_FAULTS})), "--output-format", "concise", "{file}"], absolute=False),
    dict(name="go vet", programs=["go"], ending=".go", comment="//", head="package part\n\n", faults=GO_FAULTS, files={"go.mod": "module part\n\ngo 1.19\n"}, command=["{program}", "build", "-gcflags=-e", "{file}"], absolute=False),
    dict(name="rustc", programs=["rustc"], ending=".rs", comment="//", faults=RUST_FAULTS, command=["{program}", "--crate-type", "lib", "--emit", "metadata", "-o", "/dev/null", "-A", "warnings", "{file}"], apart=True, colour=["--color=always"], absolute=False),
    dict(name="javac", programs=["javac"], ending=".java", file="Part.java", comment="//", head="class Part {\n", tail="}\n", faults=JAVA_FAULTS, command=["{program}", "-d", ".", "{file}"]),
    dict(name="shellcheck", programs=["shellcheck"], ending=".sh", comment="#", head="#!/bin/sh\n", faults=SHELL_FAULTS, command=["{program}", "-f", "gcc", "{file}"], absolute=False),
    dict(name="cppcheck", programs=["cppcheck"], ending=".c", comment="//", head="#include <stdlib.h>\n#include <stdio.h>\n", faults=CPPCHECK_FAULTS, command=["{program}", "--enable=all", "--template=gcc", "{file}"], absolute=False),
    dict(name="cmake", programs=["cmake"], ending=".txt", file="CMakeLists.txt", comment="#", head="cmake_minimum_required(VERSION 3.16)\nproject(part NONE)\n", faults=CMAKE_FAULTS[:-1], command=["{program}", "-S", ".", "-B", "out"], apart=True, absolute=False),
]
