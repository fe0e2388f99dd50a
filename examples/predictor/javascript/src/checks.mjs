// What callers give: each check returns it in the form that the rest works with, or throws a PredictorError that names
// what is wrong. Nothing has changed by then.
import { PredictorError } from './errors.mjs';

const NUMBERS = /^(Float|Int|Uint)\d/;  // not DataView, not BigInt64Array
const SHAPES = '{ data: [1, 3, 224, 224] }';

export function check(condition, message) {
  if (!condition) throw new PredictorError(message);
}

const tagOf = (given) => Object.prototype.toString.call(given).slice(8, -1);

// What a message calls a value.
function kindOf(given) {
  if (given === null) return 'null';
  return typeof given === 'object' ? given.constructor?.name || tagOf(given) : typeof given;
}

// Whether a value is of a built-in class, of whatever realm.
export const isA = (name, given) => tagOf(given) === name;

// Returns how many values a shape has.
export const sizeOf = (shape) => shape.reduce((size, extent) => size * extent, 1);

export const isCount = (given) => Number.isSafeInteger(given) && given >= 0;

export const isList = (given) => Array.isArray(given) || NUMBERS.test(ArrayBuffer.isView(given) ? tagOf(given) : '');

const isTensor = (given) => isList(given?.data) && Array.isArray(given.shape);

// Whether a value is an object as braces make it, of whatever realm, or one without a prototype.
const isPlain = (given) => isA('Object', given)
  && Object.getPrototypeOf(Object.getPrototypeOf(given) ?? Object.prototype) === null;

const listed = (shape) => `[${[shape].flat().join(', ')}]`;

const quoted = (names) => names.map((name) => `"${name}"`).join(', ');

// Returns the shapes of inputs by name, copied.
export function shapesOf(inputs, caller) {
  check(isPlain(inputs), `${caller}() needs the shapes of the inputs, such as ${SHAPES}, not ${kindOf(inputs)}`);
  return Object.fromEntries(Object.entries(inputs).map(([name, shape]) => {
    const isShape = Array.isArray(shape) && shape.every((extent) => isCount(extent) && extent > 0 && extent < 2 ** 32);
    check(isShape, `the shape of input "${name}" is not a list of positive integers`);
    return [name, Object.freeze([...shape])];
  }));
}

// Returns the names of the outputs to read, or undefined for the network's own.
export function outputsOf(outputs) {
  const isNames = Array.isArray(outputs) && outputs.length > 0 && outputs.every((name) => typeof name === 'string');
  check(outputs === undefined || isNames, '"outputs" is not a list of names');
  return outputs;
}

// Returns the numbers of a list or a tensor, which is called `what`.
export function numbersOf(given, what) {
  const numbers = isList(given) ? given : given?.data;
  check(isList(numbers), `${what} is neither a list of numbers nor a tensor, but ${kindOf(given)}`);
  const isNumeric = !Array.isArray(numbers) || Array.from(numbers).every((value) => typeof value === 'number');  // no holes
  check(isNumeric, `${what} holds something that is no number`);
  return numbers;
}

function inputOf(name, given, shape) {
  const what = `input "${name}"`;
  const values = numbersOf(given, what);
  if (shape === undefined) return [name, values];
  const said = isList(given) ? shape : given.shape ?? shape;
  check(String(said) === String(shape), `${what} has the shape ${listed(shape)}, not ${listed(said)}`);
  const size = sizeOf(shape);
  check(values.length === size, `${what} has the shape ${listed(shape)}, that is ${size} values, not ${values.length}`);
  return [name, values];
}

// Returns the names and values of what `predict` is given. Those whose shape is not known come first: the library may
// refuse them, and then no other is set.
export function inputsOf(given, shapes) {
  const names = Object.keys(shapes);
  const isNamed = 'data' in shapes && 'shape' in shapes;
  if (isList(given) || (isTensor(given) && !isNamed)) {
    check(names.length === 1, `predict() needs an object with values for the inputs ${quoted(names)}`);
    return [inputOf(names[0], given, shapes[names[0]])];
  }
  const isFilled = isPlain(given) && Object.keys(given).length > 0;
  const kind = isPlain(given) ? 'an empty one' : kindOf(given);
  check(isFilled, `predict() needs values, or an object with values for the inputs ${quoted(names)}, not ${kind}`);
  return Object.entries(given)
    .sort(([one], [other]) => (one in shapes) - (other in shapes))
    .map(([name, values]) => inputOf(name, values, Object.hasOwn(shapes, name) ? shapes[name] : undefined));
}
