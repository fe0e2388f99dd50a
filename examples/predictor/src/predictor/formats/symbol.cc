#include "predictor/formats/symbol.h"

#include <algorithm>

#include "predictor/base/error.h"
#include "predictor/formats/json.h"

namespace PREDICTOR_HIDDEN predictor {
namespace symbol_detail {

// A file without a version is from before versions were written.
static constexpr int kVersionBeforeVersions = 800;
// Up to here, axis=-1 of argmin and argmax meant all elements.
static constexpr int kVersionOfNegativeAxes = 905;
// Before it, keys for training stand among the attributes under their bare names.
static constexpr int kVersionWithoutHiddenKeys = 10901;
static constexpr size_t kMaxNodes = 50000;

static size_t read_index(JsonReader& json) {
  const int64_t index = json.read_integer();
  if (index < 0 || index > INT32_MAX) json.fail_here("an index is out of range");
  return static_cast<size_t>(index);
}

// [node, output] or [node, output, version]; the version is not used.
static SymbolEntry read_entry(JsonReader& json) {
  SymbolEntry entry;
  size_t count = 0;
  json.begin_array();
  while (json.next_element()) {
    const size_t index = read_index(json);
    if (count == 0) entry.node = index;
    if (count == 1) entry.output = index;
    ++count;
  }
  if (count != 2 && count != 3) json.fail_here("an entry needs a node and an output index");
  return entry;
}

static Vector<SymbolEntry> read_entries(JsonReader& json) {
  Vector<SymbolEntry> entries;
  json.begin_array();
  while (json.next_element()) entries.push_back(read_entry(json));
  return entries;
}

// Adds the string map that follows. A later map of the same node wins over an earlier one only if
// `wins`.
static void read_attributes(JsonReader& json, bool wins, Map<String, String>* attributes) {
  json.begin_object();
  for (String key; json.next_key(&key);) {
    String value = json.read_string();
    if (wins) {
      put(attributes, key, std::move(value));
    } else {
      attributes->emplace(key, std::move(value));
    }
  }
}

// Keys for the training side of MXNet, bare or as NAME_key. They are never operator parameters.
static bool is_hidden_key(TextView key) {
  for (const char* hidden :
       {"ctx_group", "lr_mult", "wd_mult", "force_mirroring", "mirror_stage"}) {
    if (key == hidden || ends_with(key, concat({"_", hidden}))) return true;
  }
  return false;
}

// Which fields of an object were read. Each may stand there once.
class Fields {
 public:
  explicit Fields(const JsonReader& json) : json_(json) {}
  void add(const String& name) {
    if (has(name)) json_.fail_here(concat({"'", name, "' stands there twice"}));
    names_.push_back(name);
  }
  void require(const char* name) const {
    if (!has(name)) json_.fail_here(concat({"'", name, "' is missing"}));
  }

 private:
  bool has(TextView name) const {
    for (const String& one : names_) {
      if (one == name) return true;
    }
    return false;
  }

  const JsonReader& json_;
  Vector<String> names_;
};

static SymbolNode read_node(JsonReader& json) {
  SymbolNode node;
  Map<String, String> attributes;
  Fields fields(json);
  json.begin_object();
  for (String key; json.next_key(&key);) {
    fields.add(key);
    if (key == "op") {
      node.op = json.read_string();
    } else if (key == "name") {
      node.name = json.read_string();
    } else if (key == "inputs") {
      node.inputs = read_entries(json);
    } else if (key == "attrs" || key == "attr") {
      read_attributes(json, true, &attributes);
    } else if (key == "param") {
      read_attributes(json, false, &attributes);
    } else if (key == "backward_source_id" || key == "control_deps" || key == "subgraphs") {
      json.skip_value();
    } else {
      json.fail_here(concat({"unknown field '", key, "' in a node"}));
    }
  }
  for (const char* name : {"op", "name", "inputs"}) fields.require(name);
  if (node.is_variable() && !node.inputs.empty()) json.fail_here("a variable has inputs");
  for (const auto& attribute : attributes) {
    node.attributes.push_back({attribute.first, attribute.second});
  }
  return node;
}

// {"mxnet_version": ["int", 10901], ...}
static void read_graph_attributes(JsonReader& json, int* version) {
  json.begin_object();
  for (String key; json.next_key(&key);) {
    if (key != "mxnet_version") {
      json.skip_value();
      continue;
    }
    json.begin_array();
    if (!json.next_element()) json.fail_here("a type expected");
    json.read_string();
    if (!json.next_element()) json.fail_here("a version expected");
    *version = static_cast<int>(read_index(json));
    if (json.next_element()) json.fail_here("one version expected");
  }
}

static void check_entries(const Symbol& symbol, const Vector<SymbolEntry>& entries,
                          TextView owner) {
  for (const SymbolEntry& entry : entries) {
    check(entry.node < symbol.nodes.size(),
          {"symbol: ", owner, " refers to node ", static_cast<uint64_t>(entry.node),
           ", but there are ", static_cast<uint64_t>(symbol.nodes.size())});
    const SymbolNode& node = symbol.nodes[entry.node];
    check(!node.is_variable() || entry.output == 0,
          {"symbol: ", owner, " refers to output ", static_cast<uint64_t>(entry.output),
           " of the variable '", node.name, "'"});
  }
}

static void check_references(const Symbol& symbol, const Vector<size_t>& variables) {
  for (const SymbolNode& node : symbol.nodes) {
    check_entries(symbol, node.inputs, concat({"node '", node.name, "'"}));
  }
  check(!symbol.heads.empty(), {"symbol: there are no heads"});
  check_entries(symbol, symbol.heads, "the list of heads");
  for (const size_t id : variables) {
    check(id < symbol.nodes.size() && symbol.nodes[id].is_variable(),
          {"symbol: arg_nodes refers to node ", static_cast<uint64_t>(id),
           ", which is not a variable"});
  }
}

static void upgrade(Symbol* symbol) {
  const bool has_hidden_keys = symbol->version < kVersionWithoutHiddenKeys;
  const bool has_old_axes = symbol->version < kVersionOfNegativeAxes;
  for (SymbolNode& node : symbol->nodes) {
    const bool is_search = node.op == "argmin" || node.op == "argmax";
    Vector<SymbolAttribute>& attributes = node.attributes;
    attributes.erase(std::remove_if(attributes.begin(), attributes.end(),
                                    [=](const SymbolAttribute& attribute) {
                                      if (has_hidden_keys && is_hidden_key(attribute.key))
                                        return true;
                                      return has_old_axes && is_search && attribute.key == "axis" &&
                                             attribute.value == "-1";
                                    }),
                     attributes.end());
  }
}

}  // namespace symbol_detail

Symbol read_symbol(TextView text) {
  JsonReader json(text, "symbol");
  Symbol symbol;
  symbol.version = symbol_detail::kVersionBeforeVersions;
  Vector<size_t> variables;
  symbol_detail::Fields fields(json);
  json.begin_object();
  for (String key; json.next_key(&key);) {
    fields.add(key);
    if (key == "nodes") {
      json.begin_array();
      while (json.next_element()) {
        if (symbol.nodes.size() == symbol_detail::kMaxNodes) json.fail_here("too many nodes");
        symbol.nodes.push_back(symbol_detail::read_node(json));
      }
    } else if (key == "arg_nodes") {
      json.begin_array();
      while (json.next_element()) variables.push_back(symbol_detail::read_index(json));
    } else if (key == "heads") {
      symbol.heads = symbol_detail::read_entries(json);
    } else if (key == "attrs") {
      symbol_detail::read_graph_attributes(json, &symbol.version);
    } else if (key == "node_row_ptr") {
      json.skip_value();
    } else {
      json.fail_here(concat({"unknown field '", key, "'"}));
    }
  }
  json.expect_end();
  for (const char* name : {"nodes", "arg_nodes", "heads"}) fields.require(name);
  symbol_detail::check_references(symbol, variables);
  symbol_detail::upgrade(&symbol);
  return symbol;
}

}  // namespace predictor
