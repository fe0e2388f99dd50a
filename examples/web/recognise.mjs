// Recognises pictures on the command line.
//
//   node recognise.mjs [--model PREFIX] [--labels FILE] [--size WxH] [--channels rgb|bgr|gray] [--mean R,G,B] [--std R,G,B]
//                      [--input NAME] PICTURE...
//
// PREFIX-symbol.json and PREFIX-0000.params are the model; without --model, the bundled digits. Pictures are PNG or JPEG.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';

import { linesIn, numbersIn } from './settings.mjs';

const PREDICTOR = fileURLToPath(new URL('../predictor/', import.meta.url));
const DIGITS = { model: `${PREDICTOR}models/digits`, labels: `${PREDICTOR}models/digits-labels.txt`, size: '8x8', channels: 'gray', std: '255' };

function decode(file) {
  const bytes = fs.readFileSync(file);
  return bytes[0] === 0x89 ? PNG.sync.read(bytes) : jpeg.decode(bytes, { useTArray: true });
}

async function main() {
  const options = Object.fromEntries(['model', 'labels', 'size', 'channels', 'mean', 'std', 'input'].map((name) => [name, { type: 'string' }]));
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length === 0) throw new Error('no picture: node recognise.mjs [--model PREFIX] PICTURE...');
  const wanted = { size: '224x224', channels: 'rgb', mean: '0', std: '1', input: 'data', ...(values.model ? {} : DIGITS), ...values };
  const [width, height] = wanted.size.split('x').map(Number);
  const labels = wanted.labels && linesIn(fs.readFileSync(wanted.labels, 'utf8'));

  const { Predictor, imageToTensor, topK } = await import(pathToFileURL(path.join(PREDICTOR, 'dist/js/predictor.mjs')));
  const predictor = await Predictor.create({
    symbol: `${wanted.model}-symbol.json`,
    params: `${wanted.model}-0000.params`,
    inputs: { [wanted.input]: [1, wanted.channels === 'gray' ? 1 : 3, height, width] },
  });
  const image = { width, height, channels: wanted.channels, mean: numbersIn(wanted.mean, '--mean'), std: numbersIn(wanted.std, '--std') };
  for (const file of positionals) {
    const [scores] = predictor.predict({ [wanted.input]: imageToTensor(decode(file), image) });
    const [best] = topK(scores, 1, labels);
    console.log(`${path.basename(file)}\t${best.label ?? best.index}\t${best.value.toFixed(4)}`);
  }
  predictor.dispose();
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
