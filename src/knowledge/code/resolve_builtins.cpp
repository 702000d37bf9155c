// The lists are split and sorted by the compiler, so that a look-up is a binary search.
#include "knowledge/code/resolve_builtins.h"

#include <algorithm>
#include <array>
#include <span>

namespace mira::code {
namespace {

using Names = std::span<const std::string_view>;

consteval std::size_t count_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

template <std::size_t count>
consteval std::array<std::string_view, count> sorted_words(std::string_view text) {
  std::array<std::string_view, count> words;
  for (std::string_view& word : words) {
    word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  std::ranges::sort(words);
  return words;
}

constexpr std::string_view c_functions_text =
    "_exit abort abs accept access acos alarm aligned_alloc alignof alloca asin assert atan atan2 "
    "atexit atof atoi atol atoll basename bcmp bcopy bind bsearch bzero calloc ceil chdir chmod chown "
    "clearerr clock clock_gettime close closedir connect const_cast cos cosh decltype difftime "
    "dirname dlclose dlopen dlsym dup dup2 dynamic_cast epoll_create epoll_create1 epoll_ctl "
    "epoll_wait execl execlp execv execve execvp exit exp fabs fchmod fchown fclose fcntl fdatasync "
    "fdopen feof ferror fflush fgetc fgets fileno flock floor fmod fopen fork forward fprintf fputc "
    "fputs fread free freeaddrinfo freopen frexp fscanf fseek fstat fsync ftell ftruncate fwrite "
    "gai_strerror getaddrinfo getc getchar getcwd getenv geteuid getgid gethostname getnameinfo "
    "getopt getopt_long getpeername getpid getppid getpwnam getpwuid getrlimit getrusage getsockname "
    "getsockopt gettimeofday getuid gmtime gmtime_r htonl htons index inet_addr inet_ntoa inet_ntop "
    "inet_pton ioctl isalnum isalpha isatty iscntrl isdigit isinf islower isnan isprint ispunct "
    "isspace isupper isxdigit kevent kill kqueue labs ldexp link listen llabs localtime localtime_r "
    "lockf log log10 log2 longjmp lseek lstat madvise make_shared make_unique malloc max memchr "
    "memcmp memcpy memmem memmove memset min mkdir mkdtemp mkstemp mktime mmap modf move mprotect "
    "msync munmap nanosleep noexcept ntohl ntohs offsetof open opendir openlog perror pipe poll "
    "posix_memalign pow pread printf pthread_cond_broadcast pthread_cond_destroy pthread_cond_init "
    "pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_create pthread_detach "
    "pthread_exit pthread_getspecific pthread_join pthread_key_create pthread_mutex_destroy "
    "pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_once "
    "pthread_self pthread_setspecific putc putchar putenv puts pwrite qsort raise rand random read "
    "readdir readlink readv realloc realpath recv recvfrom recvmsg reinterpret_cast remove rename "
    "rewind rindex rmdir round scanf sched_yield select send sendmsg sendto setenv setgid setjmp "
    "setrlimit setsid setsockopt setuid shutdown sigaction sigaddset sigemptyset sigfillset "
    "siglongjmp signal sigprocmask sigsetjmp sin sinh sizeof sleep snprintf socket sprintf sqrt srand "
    "srandom sscanf stat static_cast stpcpy strcasecmp strcat strchr strcmp strcoll strcpy strcspn "
    "strdup strerror strftime strlen strncasecmp strncat strncmp strncpy strndup strpbrk strrchr "
    "strsep strspn strstr strtod strtof strtok strtok_r strtol strtoll strtoul strtoull swap symlink "
    "sysconf syslog system tan tanh tcgetattr tcsetattr time tmpfile tolower toupper truncate typeid "
    "umask uname ungetc unlink unsetenv usleep va_arg va_copy va_end va_start vfprintf vprintf "
    "vsnprintf vsprintf wait waitpid write writev";
constexpr auto c_functions = sorted_words<count_of(c_functions_text)>(c_functions_text);
constexpr std::string_view c_types_text =
    "FILE array atomic bool char deque double float function int int16_t int32_t int64_t int8_t "
    "intptr_t istream istringstream list lock_guard long map mutex off_t optional ostream "
    "ostringstream pair ptrdiff_t set short size_t span ssize_t string string_view stringstream "
    "thread tuple uint16_t uint32_t uint64_t uint8_t uintptr_t unique_lock unordered_map "
    "unordered_set variant vector void wchar_t";
constexpr auto c_types = sorted_words<count_of(c_types_text)>(c_types_text);
constexpr std::string_view c_members_text =
    "append assign at back begin c_str capacity cbegin cend clear close compare "
    "compare_exchange_strong compare_exchange_weak contains count data detach emplace emplace_back "
    "emplace_front empty end ends_with eof equal_range erase exchange extract fail fetch_add "
    "fetch_sub find find_first_not_of find_first_of find_last_not_of find_last_of first flush front "
    "get getline good has_value ignore insert is_open join joinable key_comp length load lock "
    "lower_bound merge notify_all notify_one open peek pop pop_back pop_front push push_back "
    "push_front put rbegin read release rend replace reserve reset resize rfind second seekg seekp "
    "shrink_to_fit size starts_with store str substr swap tellg tellp top try_lock unlock upper_bound "
    "value value_or wait what write";
constexpr auto c_members = sorted_words<count_of(c_members_text)>(c_members_text);
constexpr std::string_view python_functions_text =
    "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BrokenPipeError "
    "BufferError BytesWarning ChildProcessError ConnectionError DeprecationWarning EOFError "
    "EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError "
    "FutureWarning GeneratorExit IOError ImportError ImportWarning IndexError InterruptedError "
    "IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError "
    "NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning "
    "PermissionError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning "
    "StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TimeoutError "
    "TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError UserWarning ValueError Warning "
    "ZeroDivisionError __import__ abs aiter all anext any ascii bin breakpoint bytearray bytes "
    "callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter "
    "float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass "
    "iter len list locals map max memoryview min next object oct open ord pow print property range "
    "repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip";
constexpr auto python_functions = sorted_words<count_of(python_functions_text)>(python_functions_text);
constexpr std::string_view python_types_text =
    "Any Callable Dict Generator Iterable Iterator List Mapping None Sequence Set Tuple bool "
    "bytearray bytes complex dict float frozenset int list memoryview object range set slice str "
    "tuple type";
constexpr auto python_types = sorted_words<count_of(python_types_text)>(python_types_text);
constexpr std::string_view python_members_text =
    "absolute acquire add add_argument add_done_callback append as_posix cancel capitalize casefold "
    "cast center clear close copy count critical debug decode difference discard done elements encode "
    "end endswith error exception exists expandtabs extend fileno find findall finditer flush format "
    "format_map fullmatch get get_nowait glob group groupdict groups hex index info insert "
    "intersection is_dir is_file is_set isalnum isalpha isatty isdigit isidentifier islower isoformat "
    "isspace issubset issuperset isupper items iterdir join joinpath keys ljust log lower lstrip "
    "match mkdir most_common notify parse_args partition pop popitem put put_nowait read read_bytes "
    "read_text readline readlines relative_to release remove replace resolve result reverse rfind "
    "rglob rindex rjust rmdir rpartition rsplit rstrip search seek send set setdefault sort span "
    "split splitlines start startswith strftime strip strptime sub subn swapcase task_done tell throw "
    "timestamp title tobytes total_seconds translate truncate union unlink update upper values wait "
    "warn warning with_name with_suffix write write_bytes write_text writelines zfill";
constexpr auto python_members = sorted_words<count_of(python_members_text)>(python_members_text);
constexpr std::string_view javascript_functions_text =
    "AbortController AbortSignal AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array "
    "BigUint64Array Blob Boolean Buffer CustomEvent DataView Date Error EvalError Event EventSource "
    "EventTarget File FileReader Float32Array Float64Array FormData Function Headers Int16Array "
    "Int32Array Int8Array IntersectionObserver Intl JSON Map Math MessageChannel MutationObserver "
    "Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Request ResizeObserver "
    "Response Set SharedArrayBuffer String Symbol SyntaxError TextDecoder TextEncoder TypeError "
    "URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap "
    "WeakRef WeakSet WebSocket Worker XMLHttpRequest __dirname __filename afterAll afterEach alert "
    "atob beforeAll beforeEach btoa cancelAnimationFrame clearImmediate clearInterval clearTimeout "
    "confirm console crypto decodeURI decodeURIComponent describe document encodeURI "
    "encodeURIComponent escape eval expect exports fetch global globalThis history import isFinite "
    "isNaN it jest localStorage location module navigator parseFloat parseInt performance process "
    "prompt queueMicrotask requestAnimationFrame require sessionStorage setImmediate setInterval "
    "setTimeout structuredClone test unescape vi window";
constexpr auto javascript_functions =
    sorted_words<count_of(javascript_functions_text)>(javascript_functions_text);
constexpr std::string_view javascript_types_text =
    "Array ArrayBuffer ArrayLike AsyncIterable Boolean Buffer Date Element Error Event Exclude "
    "Extract Function HTMLElement Headers Iterable Iterator Map Node NodeJS Number Object Omit "
    "Parameters Partial Pick Promise ReadonlyArray ReadonlyMap ReadonlySet Record RegExp Request "
    "Required Response ReturnType Set String Symbol URL URLSearchParams Uint8Array WeakMap WeakSet "
    "any bigint boolean never null number object string symbol undefined unknown void";
constexpr auto javascript_types = sorted_words<count_of(javascript_types_text)>(javascript_types_text);
constexpr std::string_view javascript_members_text =
    "abort add addEventListener addListener all allSettled any appendChild apply arrayBuffer assign "
    "at bind blob call catch charAt charCodeAt clear codePointAt concat copyWithin createElement "
    "debug defineProperty delete destroy dispatchEvent emit end endsWith entries error every exec "
    "fill filter finally find findIndex findLast flat flatMap forEach freeze from get getAttribute "
    "getDate getDay getElementById getFullYear getHours getMilliseconds getMinutes getMonth "
    "getOwnPropertyNames getSeconds getTime group groupEnd has hasOwnProperty includes indexOf info "
    "insertBefore isArray isPrototypeOf join json keys lastIndexOf length localeCompare log map match "
    "matchAll next normalize of off on once padEnd padStart parse pause pipe pop preventDefault "
    "propertyIsEnumerable push querySelector querySelectorAll race read reduce reduceRight reject "
    "removeAllListeners removeChild removeEventListener removeListener repeat replace replaceAll "
    "resolve resume return reverse search set setAttribute shift size slice some sort splice split "
    "startsWith stopPropagation stringify substr substring table test text then throw toBe toContain "
    "toEqual toFixed toHaveBeenCalled toISOString toJSON toLocaleString toLowerCase toMatch "
    "toPrecision toString toThrow toUpperCase trace trim trimEnd trimStart unshift valueOf values "
    "warn write";
constexpr auto javascript_members = sorted_words<count_of(javascript_members_text)>(javascript_members_text);
constexpr std::string_view go_functions_text =
    "any append bool byte cap clear close complex copy delete error float32 float64 imag int int16 "
    "int32 int64 int8 len make max min new panic print println real recover rune string uint uint16 "
    "uint32 uint64 uint8 uintptr";
constexpr auto go_functions = sorted_words<count_of(go_functions_text)>(go_functions_text);
constexpr std::string_view go_types_text =
    "any bool byte comparable complex128 complex64 error float32 float64 int int16 int32 int64 int8 "
    "rune string uint uint16 uint32 uint64 uint8 uintptr";
constexpr auto go_types = sorted_words<count_of(go_types_text)>(go_types_text);
constexpr std::string_view go_members_text =
    "Add After Before Bytes Cleanup Close CompareAndSwap Context Deadline Del Do Done Elem Equal Err "
    "Error Errorf Fatal Fatalf Field Format Get Header Helper Interface Kind Len Load Lock Log Logf "
    "Milliseconds Name NumField Print Printf Println RLock RUnlock Range Read ReadAll Reset Run Scan "
    "Seconds Set Skip Sprintf Store String Sub Swap Text Type Unix Unlock Meaning Wait Write "
    "WriteByte WriteString";
constexpr auto go_members = sorted_words<count_of(go_members_text)>(go_members_text);
constexpr std::string_view jvm_functions_text =
    "Boolean Double Exception IllegalArgumentException IllegalStateException Integer Long Math "
    "NullPointerException Object RuntimeException String StringBuilder System TODO Thread also apply "
    "arrayOf assert check emptyList emptyMap emptySet error lazy let listOf mapOf mutableListOf "
    "mutableMapOf mutableSetOf print println repeat require run setOf to with";
constexpr auto jvm_functions = sorted_words<count_of(jvm_functions_text)>(jvm_functions_text);
constexpr std::string_view jvm_types_text =
    "Any Array ArrayList Boolean Byte CharSequence Character Class Collection Comparable Double Error "
    "Exception Float HashMap HashSet Int Integer Iterable Iterator List Long Map Nothing Number "
    "Object Optional Runnable RuntimeException Set Short Stream String StringBuilder Thread Throwable "
    "Unit Void boolean byte char double float int long short void";
constexpr auto jvm_types = sorted_words<count_of(jvm_types_text)>(jvm_types_text);
constexpr std::string_view jvm_members_text =
    "accept add addAll allMatch also anyMatch append apply charAt clear clone close collect compareTo "
    "compareToIgnoreCase contains containsKey containsValue count debug distinct doubleValue endsWith "
    "entrySet equals equalsIgnoreCase error filter findAny findFirst flatMap flush forEach format get "
    "getCause getClass getKey getMessage getName getOrDefault getValue hasNext hashCode ifPresent "
    "indexOf info insert intValue interrupt isEmpty isPresent iterator join keySet lastIndexOf length "
    "let limit longValue map matches max min next noneMatch notify notifyAll of orElse orElseGet "
    "orElseThrow parseInt print printStackTrace printf println put putAll putIfAbsent read readLine "
    "reduce remove removeAll replace replaceAll reverse run set size skip sleep sorted split start "
    "startsWith stream substring takeIf test toArray toList toLowerCase toString toUpperCase trace "
    "trim use valueOf values wait warn write";
constexpr auto jvm_members = sorted_words<count_of(jvm_members_text)>(jvm_members_text);
constexpr std::string_view rust_functions_text =
    "Box Err None Ok Some String Vec assert assert_eq assert_ne concat dbg debug_assert "
    "debug_assert_eq drop env eprint eprintln format include_bytes include_str matches option_env "
    "panic print println stringify todo unimplemented unreachable vec write writeln";
constexpr auto rust_functions = sorted_words<count_of(rust_functions_text)>(rust_functions_text);
constexpr std::string_view rust_types_text =
    "BTreeMap BTreeSet Cell Cow Duration Fn FnMut FnOnce Future HashMap HashSet Instant IntoIterator "
    "Iterator Mutex Option OsStr OsString Path PathBuf Pin RefCell Result RwLock String Vec VecDeque "
    "bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize";
constexpr auto rust_types = sorted_words<count_of(rust_types_text)>(rust_types_text);
constexpr std::string_view rust_members_text =
    "all and_then any as_bytes as_mut as_ref as_slice as_str await borrow borrow_mut bytes chain "
    "chars clear clone cloned cmp collect contains contains_key copied count default deref drain drop "
    "ends_with entry enumerate eq err expect extend filter filter_map find first flat_map fmt fold "
    "for_each from get get_mut hash insert into into_iter is_empty is_err is_none is_ok is_some iter "
    "iter_mut join last len lines lock map map_err max min ne next ok ok_or ok_or_else or_default "
    "or_else or_insert or_insert_with parse partial_cmp poll pop position push push_str read recv "
    "remove replace resize retain rev send skip sort sort_by split starts_with sum take to_owned "
    "to_string to_vec trim truncate try_from try_into unwrap unwrap_or unwrap_or_default "
    "unwrap_or_else with_capacity write zip";
constexpr auto rust_members = sorted_words<count_of(rust_members_text)>(rust_members_text);
constexpr std::string_view csharp_functions_text =
    "ArgumentException ArgumentNullException Console Convert Exception InvalidOperationException Math "
    "String Task default nameof sizeof typeof";
constexpr auto csharp_functions = sorted_words<count_of(csharp_functions_text)>(csharp_functions_text);
constexpr std::string_view csharp_types_text =
    "Action Array Boolean CancellationToken DateTime Dictionary Exception Func Guid HashSet "
    "ICollection IDictionary IEnumerable IList Int32 Int64 List Memory Nullable Object Span Stream "
    "String StringBuilder Task TimeSpan Type ValueTask bool byte char decimal double dynamic float "
    "int long nint object sbyte short string uint ulong ushort var void";
constexpr auto csharp_types = sorted_words<count_of(csharp_types_text)>(csharp_types_text);
constexpr std::string_view csharp_members_text =
    "Add AddRange Aggregate All Any Append AppendLine Average BeginInvoke Clear Close CompareTo "
    "Concat ConfigureAwait Contains ContainsKey ContinueWith Count Dispose Distinct EndInvoke "
    "EndsWith Equals First FirstOrDefault Flush Format GetAwaiter GetEnumerator GetHashCode GetResult "
    "GetType GroupBy IndexOf Insert Invoke Join Last LastOrDefault LogDebug LogError LogInformation "
    "LogWarning Max Min MoveNext OrderBy OrderByDescending Parse Read ReadLine Remove RemoveAll "
    "RemoveAt Replace Select SelectMany Single SingleOrDefault Skip Split StartsWith Substring Sum "
    "Take ToArray ToDictionary ToList ToLower ToString ToUpper Trim TryGetValue TryParse Union Wait "
    "Where Write WriteLine";
constexpr auto csharp_members = sorted_words<count_of(csharp_members_text)>(csharp_members_text);
constexpr std::string_view ruby_functions_text =
    "Array Complex Float Hash Integer Rational String abort alias_method at_exit attr_accessor "
    "attr_reader attr_writer binding block_given? caller catch define_method eval exit extend format "
    "freeze gets include lambda load loop module_function p prepend print printf private proc "
    "protected public puts raise rand require require_relative send sleep sprintf throw";
constexpr auto ruby_functions = sorted_words<count_of(ruby_functions_text)>(ruby_functions_text);
constexpr std::string_view ruby_types_text =
    "ArgumentError Array Class Comparable Dir Enumerable Exception File Float Hash IO Integer Kernel "
    "Module NilClass Object Proc Range Regexp RuntimeError Set StandardError String Struct Symbol "
    "Time";
constexpr auto ruby_types = sorted_words<count_of(ruby_types_text)>(ruby_types_text);
constexpr std::string_view ruby_members_text =
    "all? any? call capitalize chomp clone close collect compact concat count delete delete_if detect "
    "dig downcase dup each each_with_index each_with_object empty? end_with? fetch find first flatten "
    "freeze group_by gsub has_key? include? index inject inspect instance_variable_get "
    "instance_variable_set is_a? join key? keys kind_of? last length map match max merge merge! min "
    "new nil? none? pop print public_send push puts read reduce reject respond_to? reverse scan "
    "select send shift size slice sort sort_by split start_with? strip sub sum tap then to_a to_f "
    "to_h to_i to_s to_sym tr uniq unshift upcase values write zip";
constexpr auto ruby_members = sorted_words<count_of(ruby_members_text)>(ruby_members_text);
constexpr std::string_view php_functions_text =
    "abs array array_diff array_filter array_intersect array_key_exists array_keys array_map "
    "array_merge array_pop array_push array_reduce array_reverse array_search array_shift array_slice "
    "array_splice array_unique array_unshift array_values array_walk basename call_user_func "
    "call_user_func_array ceil class_exists compact count date define defined die dirname empty "
    "error_log exit explode extract fclose file_exists file_get_contents file_put_contents floatval "
    "floor fopen fread func_get_args function_exists fwrite get_class hash header htmlspecialchars "
    "implode in_array intval is_array is_callable is_int is_null is_string isset iterator_to_array "
    "json_decode json_encode ksort lcfirst list max md5 method_exists min mt_rand nl2br number_format "
    "preg_match preg_match_all preg_replace preg_split print_r printf rand range round sha1 sort "
    "spl_object_hash sprintf str_contains str_ends_with str_replace str_starts_with strlen strpos "
    "strtolower strtotime strtoupper strval substr time trigger_error trim uasort ucfirst uniqid "
    "unset usort var_dump";
constexpr auto php_functions = sorted_words<count_of(php_functions_text)>(php_functions_text);
constexpr std::string_view php_types_text =
    "ArrayAccess Closure Countable DateTime Exception Generator Iterator Throwable Traversable array "
    "bool callable float int iterable mixed null object stdClass string void";
constexpr auto php_types = sorted_words<count_of(php_types_text)>(php_types_text);
constexpr std::string_view php_members_text =
    "bindTo bindValue call count current execute fetch fetchAll format getCode getMessage getPrevious "
    "getTimestamp getTraceAsString key next offsetGet offsetSet prepare query rewind valid";
constexpr auto php_members = sorted_words<count_of(php_members_text)>(php_members_text);

struct Row {
  Family family;
  Names functions, types, members;
};
constexpr std::array<Row, 9> rows{{
    {Family::c, c_functions, c_types, c_members},
    {Family::python, python_functions, python_types, python_members},
    {Family::javascript, javascript_functions, javascript_types, javascript_members},
    {Family::go, go_functions, go_types, go_members},
    {Family::jvm, jvm_functions, jvm_types, jvm_members},
    {Family::rust, rust_functions, rust_types, rust_members},
    {Family::csharp, csharp_functions, csharp_types, csharp_members},
    {Family::ruby, ruby_functions, ruby_types, ruby_members},
    {Family::php, php_functions, php_types, php_members},
}};

bool holds(Family family, Names Row::* list, std::string_view name) {
  for (const Row& row : rows)
    if (row.family == family) return std::ranges::binary_search(row.*list, name);
  return false;
}

}  // namespace

bool is_builtin_function(Family family, std::string_view name) {
  return holds(family, &Row::functions, name);
}
bool is_builtin_type(Family family, std::string_view name) {
  return holds(family, &Row::types, name);
}
bool is_common_member(Family family, std::string_view name) {
  return holds(family, &Row::members, name);
}

}  // namespace mira::code
