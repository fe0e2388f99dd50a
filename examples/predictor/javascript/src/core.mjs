// All that does not depend on where the package stands; pack.mjs makes one function of it.
export { createModule, startWorker } from './start.mjs';
export { PredictorError } from './errors.mjs';
export { Predictor } from './predictor.mjs';
export { WorkerPredictor } from './worker-predictor.mjs';
export { serve } from './serve.mjs';
export { readArrays, topK } from './arrays.mjs';
export { imageToTensor } from './images.mjs';
export { pixelsOf } from './pixels.mjs';
