// One WebAssembly memory with the predictors that live in it; those of one thread share it.
import { PredictorError } from './errors.mjs';
import { Scratch } from './memory.mjs';
import { createModule } from './start.mjs';

const LARGE = 64 << 20;  // bytes of a memory that is not kept for the next predictor

let current;  // the Engine that new predictors share

export class Engine {
  #module;
  #users = 0;
  #failure;

  constructor(module) {
    this.#module = module;
  }

  get module() {
    return this.#module;
  }

  get isUsable() {
    return this.#failure === undefined;
  }

  // Calls `use` with a scratch region that is freed afterwards, whatever happens.
  run(use) {
    if (this.#failure) {
      throw new PredictorError('the predictor has failed earlier and cannot be used again', { cause: this.#failure });
    }
    const scratch = new Scratch(this.#module);
    this.retain();
    try {
      const result = use(scratch);
      scratch.free();
      return result;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) {
        this.#failure = error;  // a trap leaves the memory in a state nobody knows
        throw new PredictorError(`the predictor has failed: ${error.message}`, { cause: error });
      }
      scratch.free();
      throw error instanceof RangeError ? new PredictorError(error.message, { cause: error }) : error;
    } finally {
      this.release();
    }
  }

  // Calls a C function that returns 0, or -1 after a failure.
  call(name, ...args) {
    if (this.#module[`_${name}`](...args) !== 0) {
      throw new PredictorError(this.#module.UTF8ToString(this.#module._MXGetLastError()));
    }
  }

  retain() {
    this.#users += 1;
  }

  // A memory never shrinks: one that has grown large goes with its last user.
  release() {
    this.#users -= 1;
    if (this.#users === 0 && this === current?.engine && this.#module.HEAPU8.length > LARGE) current = undefined;
  }
}

// Returns the engine that this thread's predictors share.
export async function sharedEngine() {
  if (current?.engine && !current.engine.isUsable) current = undefined;
  if (current === undefined) {
    const starting = { engine: undefined };
    starting.promise = createModule().then((module) => (starting.engine = new Engine(module)));
    starting.promise.catch(() => { if (current === starting) current = undefined; });
    current = starting;
  }
  return current.promise;
}
