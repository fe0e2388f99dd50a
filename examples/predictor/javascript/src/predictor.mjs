// A network that is ready to run: the C predict API with the manners of JavaScript.
import { sharedEngine } from './engine.mjs';
import { PredictorError } from './errors.mjs';
import { floatsAt, wordAt, wordsAt } from './memory.mjs';
import { readBytes, readText } from './sources.mjs';
import { isTensor, isValues, sizeOf, valuesOf } from './tensors.mjs';

const CPU = 1;
const BYTES_OF_FLOAT = 4;

// What a predictor that nobody disposes of occupies is freed once it is collected.
const forgotten = typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry((held) => held.free());

// A predictor's handle in the memory of its engine.
class Handle {
  constructor(engine, address) {
    this.engine = engine;
    this.address = address;
    engine.retain();
  }

  free() {
    if (this.address === 0) return;
    if (this.engine.isUsable) this.engine.module._MXPredFree(this.address);
    this.address = 0;
    this.engine.release();
  }
}

// Puts the names and shapes of inputs into memory as the C functions want them: count, keys, offsets, extents.
function describe(scratch, inputs) {
  const names = Object.keys(inputs);
  const extents = [];
  const offsets = [0];
  for (const name of names) {
    const shape = inputs[name];
    if (!Array.isArray(shape) || !shape.every((extent) => Number.isInteger(extent) && extent > 0 && extent < 2 ** 32)) {
      throw new PredictorError(`the shape of input "${name}" is not a list of positive integers`);
    }
    extents.push(...shape);
    offsets.push(extents.length);
  }
  return [names.length, scratch.words(names.map((name) => scratch.text(name))), scratch.words(offsets), scratch.words(extents)];
}

export class Predictor {
  #handle;
  #inputs;
  #outputs;

  constructor(handle, inputs) {
    this.#adopt(handle, inputs);
  }

  static async create({ symbol, params, inputs, outputs, onProgress, signal }) {
    if (typeof inputs !== 'object' || inputs === null) {
      throw new PredictorError('create() needs the shapes of the inputs, such as { data: [1, 3, 224, 224] }');
    }
    const [json, weights, engine] = await Promise.all([
      readText(symbol, { signal }), readBytes(params, { progress: onProgress, signal }), sharedEngine(),
    ]);
    signal?.throwIfAborted();
    const address = engine.run((scratch) => {
      const place = scratch.place();
      const model = [scratch.text(json), scratch.bytes(weights), weights.length, CPU, 0, ...describe(scratch, inputs)];
      if (outputs) {
        const keys = scratch.words(outputs.map((name) => scratch.text(name)));
        engine.call('MXPredCreatePartialOut', ...model, outputs.length, keys, place);
      } else {
        engine.call('MXPredCreate', ...model, place);
      }
      return wordAt(engine.module, place);
    });
    return new Predictor(new Handle(engine, address), inputs);
  }

  get inputs() {
    return this.#inputs;
  }

  get outputs() {
    return this.#outputs;
  }

  predict(inputs) {
    const { engine, address } = this.#alive();
    return engine.run((scratch) => {
      for (const [name, data] of Object.entries(this.#named(inputs))) this.#setInput(scratch, name, data);
      engine.call('MXPredForward', address);
      return this.#outputs.map((shape, index) => {
        const size = sizeOf(shape);
        const place = scratch.allocate(size * BYTES_OF_FLOAT);
        engine.call('MXPredGetOutput', address, index, place, size);
        return { data: floatsAt(engine.module, place, size), shape: [...shape] };
      });
    });
  }

  reshape(inputs) {
    const { engine, address } = this.#alive();
    const reshaped = engine.run((scratch) => {
      const place = scratch.place();
      engine.call('MXPredReshape', ...describe(scratch, inputs), address, place);
      return wordAt(engine.module, place);
    });
    const old = this.#handle;
    forgotten?.unregister(this);
    this.#adopt(new Handle(engine, reshaped), { ...this.#inputs, ...inputs });
    old.free();
  }

  dispose() {
    forgotten?.unregister(this);
    this.#handle?.free();
    this.#handle = undefined;
  }

  #adopt(handle, inputs) {
    this.#handle = handle;
    forgotten?.register(this, handle, this);
    this.#inputs = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, Object.freeze([...shape])]));
    this.#outputs = this.#outputShapes();
  }

  #alive() {
    if (this.#handle === undefined) throw new PredictorError('the predictor has been disposed of');
    return this.#handle;
  }

  // C has no function that counts the outputs: the first index that is refused is their number.
  #outputShapes() {
    const { engine, address } = this.#handle;
    return engine.run((scratch) => {
      const shapes = [];
      const [data, rank] = [scratch.place(), scratch.place()];
      while (engine.module._MXPredGetOutputShape(address, shapes.length, data, rank) === 0) {
        shapes.push(Object.freeze(wordsAt(engine.module, wordAt(engine.module, data), wordAt(engine.module, rank))));
      }
      return Object.freeze(shapes);
    });
  }

  #named(inputs) {
    if (!isValues(inputs) && !isTensor(inputs)) return inputs;
    const names = Object.keys(this.#inputs);
    if (names.length === 1) return { [names[0]]: inputs };
    throw new PredictorError(`predict() needs an object with the inputs ${names.join(', ')}`);
  }

  #setInput(scratch, name, given) {
    const { engine, address } = this.#handle;
    const data = valuesOf(given);
    if (data?.length === undefined) throw new PredictorError(`input "${name}" is neither a list of numbers nor a tensor`);
    const place = scratch.allocate(data.length * BYTES_OF_FLOAT);
    new Float32Array(engine.module.HEAPU8.buffer, place, data.length).set(data);
    engine.call('MXPredSetInput', address, scratch.text(name), place, data.length);
  }
}

if (Symbol.dispose) Predictor.prototype[Symbol.dispose] = Predictor.prototype.dispose;
