// Starts what is compiled: in this thread, or in a worker. Chooses the flavour that this JavaScript engine can run.
import place from '#around';

import { PredictorError } from './errors.mjs';
import { compile, instantiate, isSupported } from './flavour.mjs';

let compiling;  // promise of the WebAssembly.Module

function compiledOnce() {
  compiling ??= compile().catch((error) => {
    compiling = undefined;
    throw error;
  });
  return compiling;
}

// Takes what another thread has compiled.
export function adopt(compiled) {
  compiling = Promise.resolve(compiled);
}

// Calls `start` with the module, compiled; where this engine cannot run it, the other flavour's function of that name.
async function started(name, start) {
  try {
    if (compiling === undefined && !isSupported()) return (await place.fallback())[name]();
    return await start(await compiledOnce());
  } catch (error) {
    throw new PredictorError(`the predictor cannot be started: ${error.message}`, { cause: error });
  }
}

// Makes the module with the C functions, as emscripten gives it: `_MXPredCreate` and the others, `_malloc`, `_free`,
// `HEAPU8`, `UTF8ToString`. For callers who want the functions themselves.
export const createModule = () => started('createModule', instantiate);

// Returns the worker once it has answered.
function answered(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message ?? 'its script cannot be loaded'));
    };
  });
}

async function workerFromText() {
  const address = URL.createObjectURL(new Blob([`(${place.text})({}).serve(self)`], { type: 'text/javascript' }));
  try {
    return await answered(new Worker(address));
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Starts a worker that serves a WorkerPredictor; from the package's file where a policy forbids to start it from text.
export const startWorker = () => started('startWorker', async (compiled) => {
  const worker = await workerFromText().catch((first) => Promise.resolve().then(place.ownWorker).then(answered)
    .catch((second) => { throw new Error(`${first.message}; ${second.message}`); }));
  worker.postMessage({ compiled });
  return worker;
});
