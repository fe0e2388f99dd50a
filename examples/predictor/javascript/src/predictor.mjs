// A network that is ready to run: the C predict API with the manners of JavaScript.
import { inputsOf, outputsOf, shapesOf, sizeOf } from './checks.mjs';
import { sharedEngine } from './engine.mjs';
import { PredictorError } from './errors.mjs';
import { floatsAt, wordAt, wordsAt } from './memory.mjs';
import { readBytes, readText, withSignal } from './sources.mjs';

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
function describe(scratch, shapes) {
  const names = Object.keys(shapes);
  const offsets = [0];
  for (const name of names) offsets.push(offsets[offsets.length - 1] + shapes[name].length);
  const keys = scratch.words(names.map((name) => scratch.text(name)));
  return [names.length, keys, scratch.words(offsets), scratch.words(Object.values(shapes).flat())];
}

// Returns a handle to a network; what has been read of it is text and bytes.
function load(engine, [json, weights], shapes, outputs) {
  return engine.run((scratch) => {
    const place = scratch.place();
    const model = [scratch.text(json), scratch.bytes(weights), weights.length, CPU, 0, ...describe(scratch, shapes)];
    if (outputs) {
      const keys = scratch.words(outputs.map((name) => scratch.text(name)));
      engine.call('MXPredCreatePartialOut', ...model, outputs.length, keys, place);
    } else {
      engine.call('MXPredCreate', ...model, place);
    }
    return new Handle(engine, wordAt(engine.module, place));
  });
}

export class Predictor {
  #handle;
  #inputs;
  #outputs;

  constructor(handle, inputs) {
    this.#adopt(handle, inputs);
  }

  static async create({ symbol, params, inputs, outputs, onProgress, signal } = {}) {
    const shapes = shapesOf(inputs, 'create');
    const names = outputsOf(outputs);
    const [engine, ...model] = await withSignal(signal, (own) => Promise.all([
      sharedEngine(), readText(symbol, { signal: own }), readBytes(params, { progress: onProgress, signal: own }),
    ]));
    return new Predictor(load(engine, model, shapes, names), shapes);
  }

  get inputs() {
    return this.#inputs;
  }

  get outputs() {
    return this.#outputs;
  }

  predict(inputs) {
    const { engine, address } = this.#alive();
    const values = inputsOf(inputs, this.#inputs);
    return engine.run((scratch) => {
      for (const [name, data] of values) this.#setInput(scratch, name, data);
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
    const shapes = shapesOf(inputs, 'reshape');
    const reshaped = engine.run((scratch) => {
      const place = scratch.place();
      engine.call('MXPredReshape', ...describe(scratch, shapes), address, place);
      return new Handle(engine, wordAt(engine.module, place));
    });
    const old = this.#handle;
    forgotten?.unregister(this);
    this.#adopt(reshaped, { ...this.#inputs, ...shapes });
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
    this.#inputs = Object.freeze(inputs);
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

  #setInput(scratch, name, data) {
    const { engine, address } = this.#handle;
    const place = scratch.allocate(data.length * BYTES_OF_FLOAT);
    new Float32Array(engine.module.HEAPU8.buffer, place, data.length).set(data);
    engine.call('MXPredSetInput', address, scratch.text(name), place, data.length);
  }
}

if (Symbol.dispose) Predictor.prototype[Symbol.dispose] = Predictor.prototype.dispose;
