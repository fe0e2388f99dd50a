// What an ES module knows of its place: the files beside it.
import { WORKER_NAME } from './names.mjs';

// The flavour for JavaScript engines that cannot run this one.
export const fallback = () => import('./predictor-compat.mjs');

// The package's own file as a worker; no literal beside `new Worker`, which bundlers would follow.
export function ownWorker() {
  const base = import.meta.url;
  return new Worker(new URL(OWN_FILE, base), { type: 'module', name: WORKER_NAME });
}
