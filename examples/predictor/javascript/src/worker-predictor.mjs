// A predictor in a worker: the page does not wait.
import { check, inputsOf, outputsOf, shapesOf } from './checks.mjs';
import { PredictorError } from './errors.mjs';
import { inputsInMessage, sourceInMessage } from './messages.mjs';
import { withSignal } from './sources.mjs';
import { startWorker } from './start.mjs';

// An error that a message has brought.
const revived = ({ name, message }) => (name === 'PredictorError'
  ? new PredictorError(message)
  : Object.assign(new Error(message), { name }));

export class WorkerPredictor {
  #worker;
  #calls = new Map();
  #number = 0;
  #onProgress;
  #failure;
  #shapes;  // of the inputs, as they are once the worker has done what it was told

  constructor(worker, onProgress) {
    this.#worker = worker;
    this.#onProgress = onProgress;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#fail(new PredictorError(`the worker has failed: ${event.message}`));
  }

  static async create({ symbol, params, inputs, outputs, onProgress, signal } = {}) {
    check(typeof Worker !== 'undefined', 'WorkerPredictor needs a browser: there is no Worker here, use Predictor');
    const model = { inputs: shapesOf(inputs, 'create'), outputs: outputsOf(outputs) };
    return withSignal(signal, async (own) => {
      [model.symbol, model.params] = await Promise.all([
        sourceInMessage(symbol, { signal: own }), sourceInMessage(params, { progress: onProgress, signal: own }),
      ]);
      const predictor = new WorkerPredictor(await startWorker(), onProgress);
      const stop = () => predictor.#fail(own.reason);
      own.addEventListener('abort', stop);
      if (own.aborted) stop();
      predictor.#describe(await predictor.#call('create', [model, onProgress !== undefined], []));
      return predictor;
    });
  }

  // As Predictor.predict. `transfer` gives the inputs' buffers to the worker instead of copying them.
  async predict(given, { transfer = false } = {}) {
    this.#check();
    const { inputs, buffers } = inputsInMessage(inputsOf(given, this.#shapes), transfer);
    return this.#call('predict', [inputs], buffers);
  }

  async reshape(inputs) {
    const shapes = shapesOf(inputs, 'reshape');
    this.#shapes = { ...this.#shapes, ...shapes };
    try {
      this.#describe(await this.#call('reshape', [shapes], []));
    } catch (error) {
      this.#shapes = this.inputs;
      throw error;
    }
  }

  dispose() {
    this.#fail(new PredictorError('the predictor has been disposed of'));
  }

  #check() {
    if (this.#failure) throw this.#failure;
  }

  #describe({ inputs, outputs }) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.#shapes = inputs;
  }

  async #call(method, args, transfer) {
    this.#check();
    this.#number += 1;
    const id = this.#number;
    try {
      this.#worker.postMessage({ id, method, args }, transfer);
    } catch (error) {
      throw new PredictorError(`the worker cannot be sent what is given: ${error.message}`, { cause: error });
    }
    return new Promise((resolve, reject) => { this.#calls.set(id, { resolve, reject }); });
  }

  #receive({ id, progress, error, result }) {
    if (progress) {
      this.#tell(progress);
      return;
    }
    const { resolve, reject } = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) reject(revived(error));
    else resolve(result);
  }

  // A callback that throws ends what it is told of.
  #tell(progress) {
    try {
      this.#onProgress(...progress);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    this.#failure ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#calls.values()) reject(this.#failure);
    this.#calls.clear();
  }
}

if (Symbol.dispose) WorkerPredictor.prototype[Symbol.dispose] = WorkerPredictor.prototype.dispose;
