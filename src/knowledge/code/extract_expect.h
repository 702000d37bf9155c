// For the tests of extraction: facts as short lines of text, so that an expectation
// reads like the code it is about.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/extract.h"

namespace mira::code {

using Lines = std::vector<std::string>;

class Read {
 public:
  // "^^" before a name marks a place that marks() gives; it is taken out of the source.
  Read(std::string_view language, std::string_view marked_source) {
    std::string source;
    int line = 1, column = 1;
    for (std::size_t at = 0; at < marked_source.size(); ++at) {
      if (marked_source.substr(at, 2) == "^^") {
        marks_.push_back(std::to_string(line) + ":" + std::to_string(column));
        ++at;
        continue;
      }
      source += marked_source[at];
      column = marked_source[at] == '\n' ? 1 : column + 1;
      line += marked_source[at] == '\n';
    }
    facts = extract(source, language);
  }

  // "method Dog.bark"; a declaration ends in ";".
  Lines symbols() const {
    Lines out;
    for (const Symbol& symbol : facts.symbols) {
      out.push_back(std::string(kind_name(symbol.kind)) + " " + symbol.qualified +
                    (symbol.declaration ? ";" : ""));
    }
    return out;
  }
  // "Dog.bark -> self.tail.wag(1)", "f -> new Dog(0)", "f -> &callback", "f -> @decorator", "-> g(0)".
  Lines calls() const {
    Lines out;
    for (const CallSite& site : facts.calls) out.push_back(caller_text(site) + "-> " + call_text(site));
    return out;
  }
  // "f: x = new Dog", "f: return = call g", "Dog: legs = literal number".
  Lines assignments() const {
    static constexpr const char* kinds[] = {"name",    "member",   "call",      "new",
                                            "literal", "callable", "container", "other"};
    Lines out;
    for (const Assignment& row : facts.assignments) {
      out.push_back(scope_text(row.scope) + with_key(row.target, row.key) + " = " +
                    kinds[static_cast<int>(row.kind)] +
                    (row.value.empty() ? "" : " " + with_key(row.value, row.value_key)));
    }
    return out;
  }
  // "from a.b import c as d", "import a", with "system", "reexport", "type" before it.
  Lines imports() const {
    Lines out;
    for (const Import& row : facts.imports) {
      std::string text =
          row.name.empty() ? "import " + row.module : "from " + row.module + " import " + row.name;
      if (!row.alias.empty()) text += " as " + row.alias;
      out.push_back((row.system ? "system " : "") + std::string(row.reexport ? "reexport " : "") +
                    (row.type_only ? "type " : "") + text);
    }
    return out;
  }
  Lines types() const {
    Lines out;
    for (const TypedName& row : facts.typed_names)
      out.push_back(scope_text(row.scope) + row.name + ": " + row.type);
    return out;
  }
  Lines exports() const {
    Lines out;
    for (const ExportedName& row : facts.exports) out.push_back(row.name + " = " + row.local);
    return out;
  }
  // "3:7" of each mark, and of each symbol's name.
  Lines marks() const { return marks_; }
  Lines places() const {
    Lines out;
    for (const Symbol& symbol : facts.symbols) {
      out.push_back(std::to_string(symbol.name_line) + ":" + std::to_string(symbol.name_column));
    }
    return out;
  }
  Lines call_places() const {
    Lines out;
    for (const CallSite& site : facts.calls)
      out.push_back(std::to_string(site.line) + ":" + std::to_string(site.column));
    return out;
  }
  const Symbol& symbol(std::string_view qualified) const {
    auto found = std::ranges::find(facts.symbols, qualified, &Symbol::qualified);
    return found == facts.symbols.end() ? nothing_ : *found;
  }
  bool clean() const { return facts.state == ParseState::clean; }

  Facts facts;

 private:
  std::string scope_text(std::int32_t scope) const {
    return scope == no_symbol ? std::string() : facts.symbols[scope].qualified + ": ";
  }
  std::string caller_text(const CallSite& site) const {
    return site.caller == no_symbol ? std::string() : facts.symbols[site.caller].qualified + " ";
  }
  static std::string with_key(const std::string& text, const std::string& key) {
    return key.empty() || !text.ends_with("[]") ? text : text.substr(0, text.size() - 1) + key + "]";
  }
  static std::string call_text(const CallSite& site) {
    std::string name = with_key(site.name, site.key);
    switch (site.receiver_kind) {
      case ReceiverKind::none:
        break;
      case ReceiverKind::self:
        name = "self." + name;
        break;
      case ReceiverKind::super_:
        name = "super." + name;
        break;
      case ReceiverKind::name:
        name = site.name == "[]" ? site.receiver + name : site.receiver + "." + name;
        break;
      case ReceiverKind::scope:
        name = site.receiver + "::" + name;
        break;
      case ReceiverKind::call:
        name = site.receiver + "()" + (name.empty() ? "" : "." + name);
        break;
      case ReceiverKind::new_:
        name = "<" + site.receiver + ">." + name;
        break;
      case ReceiverKind::literal:
        name = "'" + site.receiver + "'." + name;
        break;
      case ReceiverKind::expression:
        name = "?." + name;
        break;
    }
    std::string count = "(" + (site.arguments < 0 ? "*" : std::to_string(site.arguments)) + ")";
    switch (site.kind) {
      case CallKind::call:
        return name + count;
      case CallKind::construct:
        return "new " + name + count;
      case CallKind::decorator:
        return "@" + name;
      case CallKind::reference:
        return "&" + name;
      case CallKind::macro_token:
        return "#" + name;
      case CallKind::jsx:
        return "<" + name + "/>";
      case CallKind::raises:
        return "raise " + name;
      case CallKind::iterates:
        return "for " + name;
    }
    return name;
  }

  Lines marks_;
  Symbol nothing_;
};

}  // namespace mira::code
