// Tensors that are no network: lists of arrays in MXNet's format, and the likeliest of a list of probabilities.
import { check, isCount, numbersOf, sizeOf } from './checks.mjs';
import { sharedEngine } from './engine.mjs';
import { floatsAt, wordAt, wordsAt } from './memory.mjs';
import { readBytes } from './sources.mjs';

// Reads a file of arrays, such as a mean image; returns a Map of tensors by name, or by index ("0", "1" and so on) where
// names are missing or repeated. Each tensor says its name too.
export async function readArrays(source, { onProgress, signal } = {}) {
  const [bytes, engine] = await Promise.all([readBytes(source, { progress: onProgress, signal }), sharedEngine()]);
  const arrays = engine.run((scratch) => {
    const [list, count] = [scratch.place(), scratch.place()];
    engine.call('MXNDListCreate', scratch.bytes(bytes), bytes.length, list, count);
    const handle = wordAt(engine.module, list);
    try {
      const read = (_, index) => readArray(engine, scratch, handle, index);
      return Array.from({ length: wordAt(engine.module, count) }, read);
    } finally {
      engine.call('MXNDListFree', handle);
    }
  });
  const areNamed = arrays.every(({ name }) => name) && new Set(arrays.map(({ name }) => name)).size === arrays.length;
  return new Map(arrays.map((array, index) => [areNamed ? array.name : String(index), array]));
}

function readArray(engine, scratch, list, index) {
  const { module } = engine;
  const [key, data, extents, rank] = [scratch.place(), scratch.place(), scratch.place(), scratch.place()];
  engine.call('MXNDListGet', list, index, key, data, extents, rank);
  const shape = wordsAt(module, wordAt(module, extents), wordAt(module, rank));
  const values = floatsAt(module, wordAt(module, data), sizeOf(shape));
  return { name: module.UTF8ToString(wordAt(module, key)), data: values, shape };
}

// Larger first, then earlier; what is not a number comes last.
function byRank(one, other) {
  const difference = Number.isNaN(one.value) - Number.isNaN(other.value) || other.value - one.value;
  return difference || one.index - other.index;
}

// Returns the `count` largest values, the largest first, each with its index and, where there are labels, its label.
export function topK(values, count = 5, labels = undefined) {
  check(isCount(count), 'topK() needs a count that is an integer and not negative');
  check(labels === undefined || Array.isArray(labels), 'the labels are not a list');
  const rank = (value, index) => ({ index, value, ...(labels && { label: labels[index] }) });
  return Array.from(numbersOf(values, 'what topK() is given'), rank).sort(byRank).slice(0, count);
}
