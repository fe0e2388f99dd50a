// Recognises digits with the predictor in JavaScript, through the same C functions as recognise.c.
//
// usage: node recognise.js PREDICTOR.JS SYMBOL PARAMS IMAGES
//
// Prints the ten probabilities of each image on a line of its own, then the text of a call that must fail.
'use strict';

const fs = require('fs');
const [library, symbolFile, paramsFile, imagesFile] = process.argv.slice(2);
const kPixels = 64;
const kDigits = 10;

require(library)().then((module) => {
  // Copies bytes into the predictor's memory. The memory may move when it grows, so HEAPU8 is read anew each time.
  const put = (bytes) => {
    const address = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, address);
    return address;
  };
  const putInts = (...values) => put(new Uint8Array(new Uint32Array(values).buffer));
  const putText = (text) => put(Buffer.from(text + '\0'));
  const lastError = () => module.UTF8ToString(module._MXGetLastError());
  const check = (status) => {
    if (status !== 0) throw new Error(lastError());
  };

  const params = fs.readFileSync(paramsFile);
  const out = putInts(0);
  check(module._MXPredCreate(putText(fs.readFileSync(symbolFile, 'utf8')), put(params), params.length, 1, 0,
      1, putInts(putText('data')), putInts(0, 4), putInts(1, 1, 8, 8), out));
  const predictor = module.getValue(out, 'i32');

  const images = fs.readFileSync(imagesFile);
  const result = module._malloc(4 * kDigits);
  for (let at = 0; at < images.length; at += 4 * kPixels) {
    const input = put(images.subarray(at, at + 4 * kPixels));
    check(module._MXPredSetInput(predictor, putText('data'), input, kPixels));
    check(module._MXPredForward(predictor));
    check(module._MXPredGetOutput(predictor, 0, result, kDigits));
    console.log(Array.from(module.HEAPF32.subarray(result / 4, result / 4 + kDigits)).join(' '));
  }

  if (module._MXPredSetInput(predictor, putText('nothing'), result, kPixels) !== -1) process.exit(3);
  console.log('error: ' + lastError());
  check(module._MXPredFree(predictor));
}).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
