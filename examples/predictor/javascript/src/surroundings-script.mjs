// What a plain script knows of its place, in a page, a worker, or node's require: files beside it, and how to start
// itself as a worker.
import { PredictorError } from './errors.mjs';
import { WORKER_NAME } from './names.mjs';

export { readLocal } from './files.mjs';

const FALLBACK = './predictor-compat.js';
const script = typeof document === 'undefined' ? undefined : document.currentScript;
const address = script ? script.src : globalThis.location?.href;

// The flavour for JavaScript engines that cannot run this one.
export async function fallback() {
  if (typeof module === 'object' && module.exports) return require(FALLBACK);
  const beside = new URL(FALLBACK, address || document.baseURI).href;
  if (typeof importScripts === 'function') {
    importScripts(beside);
  } else {
    await new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement('script'), { src: beside, onload: resolve });
      element.onerror = () => reject(new PredictorError(`cannot load ${beside}`));
      document.head.append(element);
    });
  }
  return globalThis.mxpredictorCompat;
}

// A script that stands in the page itself has no address: its text is given one.
export function startWorker() {
  const own = address || URL.createObjectURL(new Blob([script.textContent], { type: 'text/javascript' }));
  return new Worker(own, { name: WORKER_NAME });
}
