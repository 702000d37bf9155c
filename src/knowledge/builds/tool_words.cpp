#include "knowledge/builds/tool_words.h"

#include <algorithm>
#include <string>
#include <vector>

#include "platform/base/text.h"

namespace mira::builds {
namespace {

// Words that stand outside placeholders in the messages of at least three of thirteen tools (gcc, clang,
// ld, rustc, go, cmake, TypeScript, eslint, stylelint and its like, pylint, ruff, flake8, mypy).
constexpr std::string_view words_of_tools =
    "able aborting above absolute abstract accept accepted accepts access accessed accesses accessible "
    "accessing accessor accidentally according action active actual actually add added adding addition "
    "additional address addressable adjusting affect affecting after against aggregate alias aliased "
    "aliases align aligned alignment all allocate allocated allocating allocation allow allowed allows "
    "already alternative alternatives always ambiguity ambiguous analysis ancestor angle annotated "
    "annotation annotations anonymous another any anything appear appears append application applied "
    "applies apply arbitrary arch architecture archive aren arg args argument arguments arithmetic "
    "around array arrow asm assembly assert assertion assign assigned assigning assignment assignments "
    "associated assuming async atomic attached attempt attempted attempting attribute attributes author "
    "auto automatic automatically available avoid await backend backslash backward backwards bad bare "
    "base based bases basic because becomes before begin beginning behavior behaviour below best better "
    "between beyond big binary bind binding bindings binds bit bits bitwise blank block blocks bodies "
    "body bool boolean both bottom bound bounds brace braces bracket brackets branch branches break "
    "broken buffer bug build building built builtin byte bytes cache cached call callable callback "
    "called callee caller calling calls candidate cannot canonical capture captured capturing case "
    "cases cast casting casts catch category caught cause causes cell chain change changed changes "
    "changing channel char character characters check checked checker checkers checking checks child "
    "circular clang class classes classmethod clause clauses cleanup clear clearing clone close closed "
    "closing code colon color column combination combine combined come comma command comment comments "
    "common compare compared comparing comparison comparisons compatibility compatible compilation "
    "compile compiled compiler compilers compiles compiling complete complex complexity component "
    "components compound comprehension compute computed computing concatenation condition conditional "
    "conditionally conditions configuration configured conflict conflicting conflicts conform confused "
    "confusing consecutive consider considered consistent const constant constants constrained "
    "constraint constraints construct constructed construction constructor constructors contain "
    "container containing contains content contents context contiguous continue contravariant control "
    "convention conversion conversions convert converted convertible converting copies copy copying "
    "core coroutine correct correctly corresponding corrupted couldn count counter covariant create "
    "created creates creating creation cross current currently custom cycle cyclic dangerous data date "
    "debug decimal declaration declarations declare declared declares declaring decorated decorator "
    "decorators decrement deduced def default defaulted defaults deferred define defined defines "
    "defining definition definitions delegation delete deleted deleting delimiter depend dependencies "
    "dependency dependent depending depends deprecated depth dereference derive derived description "
    "design designated designator destination destroyed destruction destructor destructuring detect "
    "detected determine determined device diagnostic diagnostics dict dictionary different differs "
    "digit digits dir direct directive directives directly directory disable disabled disabling "
    "disallow disallowed discards division doc docs documentation doesn don done dot double driver due "
    "dump duplicate duplicated duration during dynamic dynamically each earlier early edit effect "
    "effects either element elements ellipsis else embedded emit emitted empty en enable enabled "
    "enclose enclosed enclosing encoding encountered end ended endianness ending ends enough ensure "
    "entered entering entire entity entries entry enum enums environment equal equality equals "
    "equivalent error errors escape escaped escaping evaluate evaluated evaluating evaluation even "
    "event every exact exactly example exceed exceeded exceeds except exception exceptions excess "
    "exclusive executable execute executed execution exist existing exists exit expand expanded "
    "expanding expansion expected expecting expects experimental explicit explicitly export exported "
    "exporting exports expr expression expressions extend extension extensions extern external extra "
    "extract extracting extraneous fail failed fails failure fall fallback fallthrough false fast fatal "
    "favor feature features few field fields file filename files filter final find finding first fit "
    "fix fixed flag flags float floating flow follow followed following follows forbidden force forget "
    "form format formats formatting formed forward forwarded found fragment frame free full fully "
    "function functional functionality functions future general generate generated generates generating "
    "generation generator generators generic get gets getter getting give given glob global globals go "
    "goes got goto graph greater green group grouped groups guard guide hand handle handler handling "
    "hard hash header headers heap help here hex hexadecimal hidden higher hint host https id identical "
    "identifier identifiers ignore ignored ignoring illegal immediate immediately impl implement "
    "implementation implemented implements implicit implicitly implied implies import important "
    "imported importing imports impossible inaccessible include included includes including inclusive "
    "incompatible incomplete inconsistent inconsistently incorrect incorrectly increment incremental "
    "indentation indented index indexed indexing indicates indirection infer inference inferred "
    "infinite info information inherit inheritance inherited inherits init initial initialization "
    "initialize initialized initializer initializing injected inline inlined inlining inner input "
    "inputs insert inserted insertion inside install installed instance instantiate instantiated "
    "instantiating instantiation instead instructions int integer integers integral intend intended "
    "interface interfaces intermediate internal interpret interpreted intrinsic introduce introduced "
    "invalid invariant invocation invoked invoking involving isinstance isn issue issues item items "
    "iterable iterate iterated iterating iteration iterator itself join joined jump keep kernel key "
    "keys keyword keywords kind known label labeled labels lack lacks lambda lang language large larger "
    "last later lead leading leak least left legacy length lengths less letter level levels lib library "
    "lifetime like likely limit limited line lines link linked linker linking list listed listing lists "
    "literal literals load loaded loading local locally locals location locations lock log logging "
    "logical long longer looking looks lookup loop loops lower lowercase lvalue machine macro macros "
    "made main make makes malformed management manager mangled manual manually many map mapped mapping "
    "maps mark marked marker marking mask match matched matches matching max maximum maybe mean meaning "
    "meant member members membership memory merge merging message messages meta metadata method methods "
    "min minimum mismatch mismatched misplaced missing mistake mixed mixes mode model models modified "
    "modifier modifiers module modules more most move moved moving multi multiple mutable mutually name "
    "named names namespace namespaces naming native near necessary need needed needs negated negative "
    "neither nest nested nesting never new newer newline next no node non none nonexistent nonlocal nor "
    "normal not notation note notes nothing now nul null nullable number numbering numbers numeric "
    "object objects occur occurred occurs octal off offload offset often old older omit omitted once "
    "one open opening operand operands operation operations operator operators option optional options "
    "order ordered ordering original other otherwise out outdated outer output outputs outside over "
    "overflow overflowed overflows overlap overlapping overlaps overload overloaded overloads "
    "overridden override overrides overriding overwrite overwritten own pack package packages packed "
    "padding pair pairs parallel parameter parameters parent parentheses parenthesis parenthesize "
    "parenthesized parse parsed parsing part partial partially parts pass passed passes passing past "
    "path paths pattern patterns perform performance performed perhaps permit permits permitted pipe "
    "place placed placeholder placeholders plain platform please plugin point pointer pointers points "
    "polymorphic position positional positions positive possible possibly post potential potentially "
    "power pragma precedence preceding precision predicate prefer preferred prefix prepend "
    "preprocessing preprocessor present prevent previous previously primary print printing prior "
    "private probably problem problematic process processed processing produce produces profile program "
    "prohibited prohibits project promise proper properly properties property protected protocol "
    "prototype provide provided provides pseudo public pure push put python qualification qualified "
    "qualifier qualifiers query question quote quoted quotes radix raise range rather raw re reachable "
    "reached read reading real reason receive receiver recognized recommended record recursion "
    "recursive recursively redeclaration redeclared redefined redefinition redirect redundant refer "
    "reference referenced references referencing refers region regions register registered regular "
    "rejected related relative release relevant remote remove removed removing rename renaming repeat "
    "repeated replace replaced replacement replacing report reported represent representable "
    "representation represented request requested require required requirement requires reserved "
    "resolution resolve resolved resolver resolves resolving resource response rest restrict result "
    "results retain return returned returning returns rewrite rewritten right root round row rule run "
    "running runs runtime safe safely same satisfaction satisfied satisfy save saw scalar scope scoped "
    "script search searched searching second section sections see seems selected selection selector "
    "self semantic semantics semicolon send separate separated sequence series set sets setter setting "
    "settings shadowed shadowing shadows share shared shift short shorter shorthand shouldn side sign "
    "signal signature signatures signed silence similar simple simplified simplify since single site "
    "size sizes skip skipping slice small smaller solution some something sorted source space spaces "
    "special specialization specialize specialized specific specification specified specifier "
    "specifiers specifies specify specifying split spread stack standard star starred start starting "
    "starts state statement statements static statically staticmethod status stderr step still storage "
    "store str strategy stream strict strictly string strings strongly struct structural structure "
    "style sub subclass subscript subsequent substituted substitution subtype succeeded successfully "
    "suffix suffixes suggest suitable summary super support supported supports suppress suppressed sure "
    "surrounding switch symbol symbols syntax system tab table tabs tag tags tail take taken takes "
    "taking target targeting targets task tell template templates temporary term terminated terminator "
    "ternary test text therefore third thread threading threads three through throw throws thunk time "
    "timeout times together token tokens too tool top total trace tracking trailing trait transform "
    "transition treat treated tree triple trivial trivially true truncated try trying tuple tuples "
    "twice two type typed typedef typeof types unable unaligned unary unavailable undeclared undefined "
    "under underlying underscore unescaped unexpected unicode unimplemented uninitialized union unions "
    "unique unit universal unknown unless unnamed unnecessary unpack unpacked unpacking unqualified "
    "unreachable unrecognized unrelated unsafe unsigned unspecified unsupported unterminated untyped "
    "unused unwind unwrap up update updating upper url usable usage use used useful useless user uses "
    "using usually valid validity value values var variable variables variadic variance variant vars "
    "vector verbose verify version versions violates virtual visibility visible void vs vtable wait "
    "waiting want warning warnings web well whether whitespace whole why width wildcard without won "
    "word work working wrap wrapped wrapper wrapping write writing written wrong yet yield zero zeros";

constexpr std::string_view words_of_grammar =
    "a about also am an and are as at be been being but by can could did do does doing for from had has "
    "have having he how i if in into is it its just may might must of on only onto or per shall she "
    "should so such than that the their them then there these they this those to very via was we were "
    "what when where which while who whom whose will with within would you your";

constexpr std::string_view words_of_languages =
    "abstract as async await break case catch class const continue debugger default defer define delete "
    "do elif else endif enum eval except export extends extern false final finally fn for foreach from "
    "func function global goto if ifdef ifndef implements import in include instanceof interface is "
    "lambda let loop match mut namespace nan new nil none nonlocal not null of package pass pragma "
    "print private protected pub public raise readonly return self static struct super switch template "
    "this throw throws trait true try typedef typeof undefined union unsafe use using var virtual "
    "volatile where while with yield";

using Words = std::vector<std::string_view>;

Words sorted(std::string_view list) {
  Words out = base::split(list, ' ');
  std::ranges::sort(out);
  return out;
}

bool holds(const Words& words, std::string_view word) {
  return std::ranges::binary_search(words, word);
}

}  // namespace

bool is_tool_word(std::string_view word) {
  static const Words words = sorted(words_of_tools);
  return holds(words, word);
}

bool is_grammar_word(std::string_view word) {
  static const Words words = sorted(words_of_grammar);
  return holds(words, word);
}

bool is_language_word(std::string_view word) {
  static const Words words = sorted(words_of_languages);
  return holds(words, word);
}

}  // namespace mira::builds
