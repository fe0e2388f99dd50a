// A predictor in a worker: the page never waits. The package is its own worker script.
import { startWorker } from '#surroundings';

import { PredictorError } from './errors.mjs';
import { WORKER_NAME } from './names.mjs';
import { Predictor } from './predictor.mjs';
import { isText } from './sources.mjs';

const buffersOf = (tensors) => tensors.map((tensor) => tensor.data.buffer);

// What stands in a message for an address: a worker has another base than the page.
const absolute = (source) => {
  if (source instanceof URL) return source.href;
  if (typeof source !== 'string' || isText(source)) return source;
  return new URL(source, globalThis.document?.baseURI ?? globalThis.location.href).href;
};

export class WorkerPredictor {
  #worker;
  #calls = new Map();
  #number = 0;
  #onProgress;
  #failure;

  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#fail(new PredictorError(`the worker has failed: ${event.message ?? 'it cannot be loaded'}`));
  }

  static async create({ onProgress, signal, ...options }) {
    signal?.throwIfAborted();
    const predictor = new WorkerPredictor(startWorker());
    predictor.#onProgress = onProgress;
    const stop = () => predictor.#fail(signal.reason);
    signal?.addEventListener('abort', stop);
    try {
      const model = { ...options, symbol: absolute(options.symbol), params: absolute(options.params) };
      predictor.#describe(await predictor.#call('create', [model, onProgress !== undefined], []));
    } catch (error) {
      predictor.dispose();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    return predictor;
  }

  // As Predictor.predict. `transfer` gives the inputs' buffers to the worker instead of copying them.
  async predict(inputs, { transfer = false } = {}) {
    const tensors = ArrayBuffer.isView(inputs) ? [inputs] : Object.values(inputs);
    const buffers = transfer ? tensors.map((tensor) => (tensor.data ?? tensor).buffer).filter(Boolean) : [];
    return this.#call('predict', [inputs], buffers);
  }

  async reshape(inputs) {
    this.#describe(await this.#call('reshape', [inputs], []));
  }

  dispose() {
    this.#fail(new PredictorError('the predictor has been disposed of'));
  }

  #describe({ inputs, outputs }) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  #call(method, args, transfer) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#number += 1;
      this.#calls.set(this.#number, { resolve, reject });
      this.#worker.postMessage({ id: this.#number, method, args }, transfer);
    });
  }

  #receive({ id, progress, error, result }) {
    if (progress) {
      this.#onProgress?.(...progress);
      return;
    }
    const { resolve, reject } = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) reject(error.name === 'PredictorError' ? new PredictorError(error.message) : Object.assign(new Error(error.message), { name: error.name }));
    else resolve(result);
  }

  #fail(error) {
    this.#failure ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#calls.values()) reject(this.#failure);
    this.#calls.clear();
  }
}

if (Symbol.dispose) WorkerPredictor.prototype[Symbol.dispose] = WorkerPredictor.prototype.dispose;

// The other side: one predictor, asked by messages.
function serve(scope) {
  let predictor;
  const described = () => ({ inputs: predictor.inputs, outputs: predictor.outputs });
  const methods = {
    async create(options, wantsProgress) {
      const onProgress = wantsProgress ? (...progress) => scope.postMessage({ progress }) : undefined;
      predictor = await Predictor.create({ ...options, onProgress });
      return described();
    },
    predict: (inputs) => predictor.predict(inputs),
    reshape(inputs) {
      predictor.reshape(inputs);
      return described();
    },
  };
  scope.onmessage = async ({ data: { id, method, args } }) => {
    try {
      const result = await methods[method](...args);
      scope.postMessage({ id, result }, Array.isArray(result) ? buffersOf(result) : []);
    } catch (error) {
      scope.postMessage({ id, error: { name: error.name, message: error.message } });
    }
  };
}

if (typeof WorkerGlobalScope !== 'undefined' && globalThis instanceof WorkerGlobalScope && globalThis.name === WORKER_NAME) {
  serve(globalThis);
}
