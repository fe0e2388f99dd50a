// The model that the page runs: the bundled one, or files that the user has chosen.
import { PredictorError, WorkerPredictor, imageToTensor } from './predictor.mjs';
import { linesIn } from './settings.mjs';

// Grey values from 0 (paper) to 1 (ink). The page names the files: in the single page they are inside of it.
export const DIGITS = {
  title: 'Digits, bundled',
  symbol: document.getElementById('digits-symbol').href,
  params: document.getElementById('digits-params').href,
  labels: [...'0123456789'],
  input: 'data',
  image: { width: 8, height: 8, channels: 'gray', std: 255 },
  isInkOnPaper: true,
};

// Turns dark ink on light paper round: the edge of a picture of a digit is paper.
function inked({ data, shape }) {
  const [height, width] = shape.slice(-2);
  const edge = data.filter((_, at) => at < width || at >= width * (height - 1) || at % width === 0 || at % width === width - 1);
  const isDarkOnLight = edge.reduce((sum, value) => sum + value, 0) > edge.length / 2;
  return { data: isDarkOnLight ? data.map((value) => 1 - value) : data, shape };
}

// Sorts chosen files into the parts of a model.
export async function modelOf(files, options) {
  const find = (suffix) => [...files].find((file) => file.name.endsWith(suffix));
  const [symbol, params, labels] = [find('.json'), find('.params'), find('.txt')];
  if (!symbol || !params) throw new PredictorError('a model is a .json and a .params file, chosen together');
  const text = labels ? await labels.text() : '';
  return { title: symbol.name, symbol, params, labels: text ? linesIn(text) : undefined, ...options };
}

// Fetched by the page itself, so that the browser counts the bytes for it.
const opened = (source) => (typeof source === 'string' ? fetch(source) : source);

// A model that runs in a worker, and how pictures become its input.
export class Recogniser {
  #predictor;

  constructor(model, predictor) {
    this.model = model;
    this.#predictor = predictor;
  }

  static async load(model, onProgress) {
    const { width, height, channels } = model.image;
    const shape = [1, channels === 'gray' ? 1 : 3, height, width];
    const [symbol, params] = await Promise.all([opened(model.symbol), opened(model.params)]);
    return new Recogniser(model, await WorkerPredictor.create({ symbol, params, inputs: { [model.input]: shape }, onProgress }));
  }

  // Returns the outputs and the milliseconds that they took.
  async recognise(picture) {
    const start = performance.now();
    const tensor = imageToTensor(picture, this.model.image);
    const input = this.model.isInkOnPaper ? inked(tensor) : tensor;
    const [scores] = await this.#predictor.predict({ [this.model.input]: input }, { transfer: true });
    return { scores, milliseconds: performance.now() - start };
  }

  dispose() {
    this.#predictor.dispose();
  }
}
