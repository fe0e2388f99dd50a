// The worker's side of a WorkerPredictor: one predictor, asked by messages.
import { Predictor } from './predictor.mjs';
import { adopt } from './start.mjs';

const buffersOf = (result) => (Array.isArray(result) ? result.map((tensor) => tensor.data.buffer) : []);

// Says that it is there; takes the compiled module, then calls.
export function serve(scope) {
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
  scope.onmessage = async ({ data: { id, method, args, compiled } }) => {
    if (id === undefined) {
      adopt(compiled);
      return;
    }
    try {
      const result = await methods[method](...args);
      scope.postMessage({ id, result }, buffersOf(result));
    } catch (error) {
      scope.postMessage({ id, error: { name: error.name, message: error.message } });
    }
  };
  scope.postMessage('ready');
}
