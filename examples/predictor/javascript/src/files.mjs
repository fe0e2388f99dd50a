// Files of the machine, where there are any: node takes a path for an address.
const IS_NODE = typeof process === 'object' && typeof process.versions?.node === 'string' && typeof document === 'undefined';
const FETCHED = /^(https?|data|blob):/i;

// Returns the bytes of a local file, or undefined where the address is for `fetch`.
export async function readLocal(address, signal) {
  if (!IS_NODE || FETCHED.test(String(address))) return undefined;
  const untouched = 'node:fs/promises';  // bundlers for browsers must not look for it: pack.mjs tells them
  const { readFile } = await import(untouched);
  return readFile(/^file:/i.test(String(address)) ? new URL(address) : address, { signal });
}
