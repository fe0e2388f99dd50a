// What goes to a worker: addresses without a base, and no more bytes than are meant.
import { PredictorError } from './errors.mjs';
import { checkSource, isAddress, isBytes, isResponse, readBytes } from './sources.mjs';

// A worker has another base than the page.
function absolute(address) {
  try {
    return new URL(address, globalThis.document?.baseURI ?? globalThis.location.href).href;
  } catch (error) {
    throw new PredictorError(`cannot fetch ${address}: ${error.message}`, { cause: error });
  }
}

// A message holds the whole buffer behind a view.
const isWhole = (view) => view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer;

const trimmed = (view) => (isWhole(view) ? view : view.slice());

// Returns what stands in a message for the source of a model.
export async function sourceInMessage(source, options) {
  checkSource(source);
  if (isBytes(source) || isResponse(source)) return trimmed(await readBytes(source, options));
  return isAddress(source) ? absolute(source) : source;
}

// Returns the inputs of a message, and the buffers to hand over: all, or those that have just been made.
export function inputsInMessage(entries, isTransferred) {
  const buffers = new Set();
  const inputs = Object.fromEntries(entries.map(([name, values]) => {
    const sent = Array.isArray(values) ? Float32Array.from(values) : trimmed(values);
    if (isTransferred || sent !== values) buffers.add(sent.buffer);
    return [name, sent];
  }));
  return { inputs, buffers: [...buffers] };
}
