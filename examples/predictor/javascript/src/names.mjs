// A worker of this name that loads the package serves a WorkerPredictor.
export const WORKER_NAME = 'mxpredictor';
