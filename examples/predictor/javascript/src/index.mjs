// All that the package offers.
export { readArrays, topK } from './arrays.mjs';
export { createModule } from './engine.mjs';
export { PredictorError } from './errors.mjs';
export { imageToTensor, pixelsOf } from './images.mjs';
export { Predictor } from './predictor.mjs';
export { WorkerPredictor } from './worker.mjs';
