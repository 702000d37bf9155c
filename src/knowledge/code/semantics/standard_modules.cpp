#include "knowledge/code/semantics/standard_modules.h"

namespace mira::semantics {
namespace {

// sys.stdlib_module_names of Python 3.11, with those that came and went around it; private ones are told by
// '_'.
constexpr std::string_view of_python =
    "abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop "
    "base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs "
    "codeop collections colorsys compileall compression concurrent configparser contextlib contextvars "
    "copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest "
    "email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib "
    "functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http "
    "idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache "
    "locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt "
    "multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os "
    "ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath "
    "pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re "
    "readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil "
    "signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants "
    "sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig "
    "syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter "
    "token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata "
    "unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml "
    "xmlrpc zipapp zipfile zipimport zlib zoneinfo";

// module.builtinModules of Node 22; the same with "node:" before it is told by the colon.
constexpr std::string_view of_node =
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel "
    "dns domain events fs http http2 https inspector module net os path perf_hooks process punycode "
    "querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi "
    "worker_threads zlib";

// Crates that need no manifest, and the words that stand for the own one.
constexpr std::string_view of_rust = "alloc core crate proc_macro self std super test";

// Whether a name stands in a list whose names are separated by blanks.
bool holds(std::string_view list, std::string_view name) {
  for (std::size_t at = list.find(name); at != std::string_view::npos; at = list.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

bool is_standard_module(std::string_view language, std::string_view module) {
  if (language == "python") {
    std::string_view top = module.substr(0, module.find('.'));
    return top.starts_with('_') || holds(of_python, top);
  }
  if (language == "javascript" || language == "typescript" || language == "tsx") {
    return module.starts_with("node:") || holds(of_node, module.substr(0, module.find('/')));
  }
  if (language == "rust") return holds(of_rust, module.substr(0, module.find("::")));
  // The first part of a module that is fetched is a host.
  if (language == "go") return module.substr(0, module.find('/')).find('.') == std::string_view::npos;
  return false;
}

}  // namespace mira::semantics
