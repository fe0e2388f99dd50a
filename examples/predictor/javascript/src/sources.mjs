// Models come as text, bytes, files that a user has chosen, or addresses to fetch.
import { readLocal } from '#surroundings';

import { PredictorError } from './errors.mjs';

const isBytes = (source) => source instanceof ArrayBuffer || ArrayBuffer.isView(source);

const view = (source) => (source instanceof ArrayBuffer
  ? new Uint8Array(source)
  : new Uint8Array(source.buffer, source.byteOffset, source.byteLength));

// Returns the bytes of a source. `progress` is told how many bytes have come, and how many there will be where that is
// known.
export async function readBytes(source, { progress, signal } = {}) {
  if (isBytes(source)) return view(source);
  if (typeof Blob !== 'undefined' && source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof Response !== 'undefined' && source instanceof Response) return readResponse(source, progress);
  if (typeof source === 'string' || source instanceof URL) return download(source, progress, signal);
  throw new PredictorError('a model is given as text, a URL, bytes, a Blob or a Response');
}

// Whether a source is the text of a model itself: no address begins with a brace.
export const isText = (source) => typeof source === 'string' && source.trimStart().startsWith('{');

// As readBytes, for text.
export async function readText(source, options) {
  if (isText(source)) return source;
  return new TextDecoder().decode(await readBytes(source, options));
}

async function download(address, progress, signal) {
  const local = await readLocal(address);
  if (local) return local;
  let response;
  try {
    response = await fetch(address, { signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new PredictorError(`cannot fetch ${address}: ${error.message}`, { cause: error });
  }
  return readResponse(response, progress);
}

async function readResponse(response, progress) {
  if (!response.ok) throw new PredictorError(`cannot fetch ${response.url}: ${response.status} ${response.statusText}`);
  if (!progress || !response.body) return new Uint8Array(await response.arrayBuffer());
  // What a server compresses has a length that says nothing of the bytes that arrive here.
  const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  const total = length === null ? undefined : Number(length);
  const chunks = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    chunks.push(chunk.value);
    loaded += chunk.value.length;
    progress(loaded, total);
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
