// Files of the machine, where there are any: node takes a path for an address.
const IS_NODE = typeof process === 'object' && typeof process.versions?.node === 'string' && typeof document === 'undefined';
const FETCHED = /^(https?|data|blob):/;

// Returns the bytes of a local file, or undefined where the address is for `fetch`.
export async function readLocal(address) {
  if (!IS_NODE || FETCHED.test(String(address))) return undefined;
  const name = 'node:fs/promises';  // not a literal: bundlers for browsers must not look for it
  const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  return readFile(String(address).startsWith('file:') ? new URL(address) : address);
}
