// A call that the predictor refused, a model it cannot read, or bytes that cannot be fetched; `message` says why, in
// MXNet's words where it was a C function that failed.
export class PredictorError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'PredictorError';
  }
}
