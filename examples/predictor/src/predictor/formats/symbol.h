// The text of a `-symbol.json` file as plain data, in one form whatever version wrote it.
//
// Node ids and output indices are in range as far as the file alone can tell (a node's number of
// outputs is the operator's business). Whether the nodes form a graph without cycles is left to
// predictor/graph.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"
#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

struct SymbolAttribute {
  String key;
  String value;
};

struct SymbolEntry {
  size_t node = 0;
  size_t output = 0;
};

struct SymbolNode {
  String op;  // "null" for a variable
  String name;
  Vector<SymbolAttribute> attributes;  // sorted by key, each once; operator parameters and __keys__
  Vector<SymbolEntry> inputs;
  bool is_variable() const { return op == "null"; }
};

struct Symbol {
  int version = 0;  // major*10000 + minor*100 + patch of the writer
  Vector<SymbolNode> nodes;
  Vector<SymbolEntry> heads;
};

// Files of this version and later hold every auxiliary state and omitted label as a variable.
constexpr int kVersionWithAllInputs = 900;

// Throws an Error for anything that is not a symbol file.
Symbol read_symbol(TextView json);

}  // namespace predictor
