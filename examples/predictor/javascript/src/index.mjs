// What the package offers. All of it is one function that needs nothing around it but its argument: its own text is
// what a worker runs, so that bundlers have no second file to find.
import core from '#core';
import * as payload from '#payload';
import { fallback, ownWorker } from '#place';

import { readLocal } from './files.mjs';
import { WORKER_NAME } from './names.mjs';

const { serve, ...offered } = core({ ...payload, fallback, ownWorker, readLocal, text: String(core) });

export const {
  Predictor, PredictorError, WorkerPredictor, createModule, imageToTensor, pixelsOf, readArrays, startWorker, topK,
} = offered;

// not in a worker that has been given this name for a purpose of its own
const isOwnWorker = typeof document === 'undefined' && globalThis.name === WORKER_NAME && globalThis.onmessage === null;
if (isOwnWorker) serve(globalThis);
