// What JavaScript puts into the WebAssembly memory and reads back. The memory moves when it grows, so every view is
// made anew from the module's present buffer.

const BYTES_OF_WORD = 4;
const encoder = new TextEncoder();

// A region of memory that one call to the C functions uses; `free` gives back all of it.
export class Scratch {
  #module;
  #addresses = [];

  constructor(module) {
    this.#module = module;
  }

  allocate(bytes) {
    const address = this.#module._malloc(Math.max(bytes, 1));
    if (address === 0) throw new RangeError(`out of memory: ${bytes} bytes`);
    this.#addresses.push(address);
    return address;
  }

  bytes(data) {
    const address = this.allocate(data.length);
    this.#module.HEAPU8.set(data, address);
    return address;
  }

  // Text as C has it, with a NUL at its end.
  text(text) {
    const data = encoder.encode(text);
    const address = this.allocate(data.length + 1);
    this.#module.HEAPU8.set(data, address);
    this.#module.HEAPU8[address + data.length] = 0;
    return address;
  }

  // Unsigned 32-bit numbers: shapes, offsets, pointers.
  words(numbers) {
    const address = this.allocate(numbers.length * BYTES_OF_WORD);
    new Uint32Array(this.#module.HEAPU8.buffer, address, numbers.length).set(numbers);
    return address;
  }

  // One word that a C function writes to.
  place() {
    return this.words([0]);
  }

  free() {
    for (const address of this.#addresses.splice(0)) this.#module._free(address);
  }
}

export const wordAt = (module, address) => new Uint32Array(module.HEAPU8.buffer, address, 1)[0];

export const wordsAt = (module, address, count) => [...new Uint32Array(module.HEAPU8.buffer, address, count)];

// A copy: what stands in the memory itself changes with the next call.
export const floatsAt = (module, address, count) => new Float32Array(module.HEAPU8.buffer, address, count).slice();
