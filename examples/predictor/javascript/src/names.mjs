// A worker of this name whose script is the package's own file serves a WorkerPredictor.
export const WORKER_NAME = 'mxpredictor-worker';
