// What an ES module knows of its place: files beside it, and how to start itself as a worker.
import { WORKER_NAME } from './names.mjs';

export { readLocal } from './files.mjs';

// The flavour for JavaScript engines that cannot run this one.
export const fallback = () => import('./predictor-compat.mjs');

export const startWorker = () => new Worker(new URL(OWN_FILE, import.meta.url), { type: 'module', name: WORKER_NAME });
