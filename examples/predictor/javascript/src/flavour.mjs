// One compilation of the predictor: emscripten's own JavaScript, and the WebAssembly that packing has taken out of it.
import createFromGlue from '#glue';
import place from '#around';

const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

// Whether this JavaScript engine has every feature that the WebAssembly uses, and what unpacks it. The flavours that
// nothing stands behind are tried wherever they are loaded.
export function isSupported() {
  if (place.probe === undefined) return true;
  if (typeof WebAssembly !== 'object' || typeof DecompressionStream === 'undefined') return false;
  return WebAssembly.validate(bytesOf(place.probe));
}

// Returns the compiled module; undefined where the flavour is JavaScript alone.
export async function compile() {
  if (place.base64 === undefined) return undefined;
  const packed = bytesOf(place.base64);
  if (!place.isCompressed) return WebAssembly.compile(packed);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

export function instantiate(compiled) {
  if (compiled === undefined) return createFromGlue();
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports, receive) => {
      WebAssembly.instantiate(compiled, imports).then((instance) => receive(instance, compiled)).catch(reject);
      return {};
    };
    createFromGlue({ instantiateWasm }).then(resolve, reject);
  });
}
