// What a plain script knows of its place, in a page, a worker, or node's require: the files beside it.
import { WORKER_NAME } from './names.mjs';

const FALLBACK = './predictor-compat.js';
const address = typeof document === 'undefined' ? globalThis.location?.href : document.currentScript?.src;

// The flavour for JavaScript engines that cannot run this one. A worker does not know where a script that it imports is:
// there, it may have imported the other flavour itself.
export async function fallback() {
  if (typeof module === 'object' && module.exports) return require(FALLBACK);
  if (globalThis.mxpredictorCompat) return globalThis.mxpredictorCompat;
  const beside = new URL(FALLBACK, address || document.baseURI).href;
  if (typeof importScripts === 'function') {
    importScripts(beside);
  } else {
    await new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement('script'), { src: beside, onload: resolve });
      element.onerror = () => reject(new Error(`cannot load ${beside}`));
      document.head.append(element);
    });
  }
  return globalThis.mxpredictorCompat;
}

// The package's own file as a worker.
export function ownWorker() {
  if (!address || typeof document === 'undefined') throw new Error('the address of predictor.js is not known');
  return new Worker(address, { name: WORKER_NAME });
}
