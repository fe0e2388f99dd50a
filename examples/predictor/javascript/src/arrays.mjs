// Tensors that are no network: lists of arrays in MXNet's format, and the likeliest of a list of probabilities.
import { sharedEngine } from './engine.mjs';
import { floatsAt, wordAt, wordsAt } from './memory.mjs';
import { readBytes } from './sources.mjs';
import { sizeOf, valuesOf } from './tensors.mjs';

// Reads a file of arrays, such as a mean image; returns a Map of name ("" where it has none) to tensor.
export async function readArrays(source, { onProgress, signal } = {}) {
  const [bytes, engine] = await Promise.all([readBytes(source, { progress: onProgress, signal }), sharedEngine()]);
  return engine.run((scratch) => {
    const [list, count] = [scratch.place(), scratch.place()];
    engine.call('MXNDListCreate', scratch.bytes(bytes), bytes.length, list, count);
    const handle = wordAt(engine.module, list);
    try {
      return new Map(Array.from({ length: wordAt(engine.module, count) }, (_, index) => readArray(engine, scratch, handle, index)));
    } finally {
      engine.call('MXNDListFree', handle);
    }
  });
}

function readArray(engine, scratch, list, index) {
  const { module } = engine;
  const [key, data, extents, rank] = [scratch.place(), scratch.place(), scratch.place(), scratch.place()];
  engine.call('MXNDListGet', list, index, key, data, extents, rank);
  const shape = wordsAt(module, wordAt(module, extents), wordAt(module, rank));
  const values = floatsAt(module, wordAt(module, data), sizeOf(shape));
  return [module.UTF8ToString(wordAt(module, key)), { data: values, shape }];
}

// Returns the `count` largest values, the largest first, each with its index and, where there are labels, its label.
export function topK(values, count = 5, labels = undefined) {
  return Array.from(valuesOf(values), (value, index) => ({ index, value, ...(labels && { label: labels[index] }) }))
    .sort((one, other) => other.value - one.value || one.index - other.index)
    .slice(0, count);
}
