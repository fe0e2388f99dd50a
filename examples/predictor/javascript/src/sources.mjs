// Models come as text, bytes, files that a user has chosen, or addresses to fetch.
import place from '#around';

import { check, isA } from './checks.mjs';
import { PredictorError } from './errors.mjs';

const isBuffer = (source) => isA('ArrayBuffer', source) || isA('SharedArrayBuffer', source);

export const isBytes = (source) => isBuffer(source) || ArrayBuffer.isView(source);

const isBlob = (source) => isA('Blob', source) || isA('File', source);

export const isAddress = (source) => isA('URL', source) || (typeof source === 'string' && !isText(source));

export const isResponse = (source) => typeof Response !== 'undefined' && source instanceof Response;

// Whether a source is the text of a model itself: no address begins with a brace.
export const isText = (source) => typeof source === 'string' && source.trimStart().startsWith('{');

export function checkSource(source) {
  const isSource = isText(source) || isAddress(source) || isBytes(source) || isBlob(source) || isResponse(source);
  check(isSource, 'a model is given as text, a URL, bytes, a Blob or a Response');
}

const viewOf = (source) => (isBuffer(source)
  ? new Uint8Array(source)
  : new Uint8Array(source.buffer, source.byteOffset, source.byteLength));

// Calls `work` with a signal of its own that is aborted when the caller's is, and once `work` has failed: nothing goes
// on for nobody.
export async function withSignal(signal, work) {
  const own = new AbortController();
  const follow = () => own.abort(signal.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', follow);
  try {
    const result = await work(own.signal);
    own.signal.throwIfAborted();
    return result;
  } catch (error) {
    own.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', follow);
  }
}

// Returns what `work` does; what it throws becomes a PredictorError, unless the caller has stopped it.
async function attempt(what, signal, work) {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw new PredictorError(`${what}: ${error.message}`, { cause: error });
  }
}

// Returns the bytes of a source. `progress` is told how many bytes have come, and how many there will be where that is
// known.
export async function readBytes(source, { progress, signal } = {}) {
  checkSource(source);
  if (isBytes(source)) return viewOf(source);
  if (isBlob(source)) return new Uint8Array(await attempt('cannot read the file', signal, () => source.arrayBuffer()));
  return isResponse(source) ? readResponse(source, progress, signal) : download(source, progress, signal);
}

// As readBytes, for text.
export async function readText(source, options) {
  if (isText(source)) return source.trimStart();
  return new TextDecoder().decode(await readBytes(source, options));
}

async function download(address, progress, signal) {
  const local = await attempt(`cannot read ${address}`, signal, () => place.readLocal?.(address, signal));
  if (local) {
    progress?.(local.length, local.length);
    return local;
  }
  const response = await attempt(`cannot fetch ${address}`, signal, () => fetch(address, { signal }));
  return readResponse(response, progress, signal);
}

async function readResponse(response, progress, signal) {
  if (!response.ok) throw new PredictorError(`cannot fetch ${response.url}: ${response.status} ${response.statusText}`);
  const what = `cannot fetch ${response.url}`;
  if (!response.body) return new Uint8Array(await attempt(what, signal, () => response.arrayBuffer()));
  const reader = await attempt(what, signal, () => response.body.getReader());
  const stop = () => reader.cancel(signal.reason).catch(() => {});
  signal?.addEventListener('abort', stop);
  try {
    const read = () => attempt(what, signal, () => reader.read());
    return joined(await chunksOf(read, lengthOf(response), progress, signal));
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

// Returns how many bytes a response has, if it says so. What a server compresses has a length that says nothing of the
// bytes that arrive here; from another origin, not even that it is compressed is seen.
function lengthOf({ headers }) {
  const length = headers.get('content-encoding') ? null : headers.get('content-length');
  return length === null ? undefined : Number(length);
}

async function chunksOf(read, total, progress, signal) {
  const chunks = [];
  let loaded = 0;
  for (let chunk = await read(); !chunk.done; chunk = await read()) {
    signal?.throwIfAborted();
    chunks.push(chunk.value);
    loaded += chunk.value.length;
    progress?.(loaded, loaded > total ? undefined : total);
  }
  signal?.throwIfAborted();
  return chunks;
}

function joined(chunks) {
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
