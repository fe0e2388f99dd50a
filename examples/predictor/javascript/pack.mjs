// Packs what emcc has made into the files of the npm package: per flavour a module and a script, each complete.
//
//   node pack.mjs BUILD OUT
//
// BUILD holds simd.js and compat.js, and perhaps plain.js, which has no WebAssembly. The WebAssembly of the first is
// compressed: whatever runs it has DecompressionStream too, and base64 of compressed bytes stays small when a server
// compresses the file once more.
import zopfli from '@gfx/zopfli';
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SOURCES = path.join(HERE, 'src');
// not the prefix alone, which emscripten compares addresses with
const WASM = /(["'])data:application\/octet-stream;base64,([A-Za-z0-9+/]{1000,}={0,2})\1/;

// Per flavour: the file that emcc writes, the name of the package's files, the variable of its script, and for the one
// that others can replace a smallest WebAssembly with the features that it cannot do without.
const FLAVOURS = [
  // SIMD and exceptions: (module (tag) (func (try (do (drop (i32x4.splat (i32.const 0)))) (catch_all))))
  { built: 'simd.js', name: 'predictor', variable: 'mxpredictor', isCompressed: true, probe: 'AGFzbQEAAAABBAFgAAADAgEADQMBAAAKDQELAAZAQQD9ERoZCws=' },
  { built: 'compat.js', name: 'predictor-compat', variable: 'mxpredictorCompat', isCompressed: false },
  { built: 'plain.js', name: 'predictor-plain', variable: 'mxpredictorPlain', isCompressed: false },
];

const OPTIONS = { bundle: true, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning', write: false };
// What the core is lowered to, with its helpers inside: bundlers that lower it further would put theirs outside.
const CORE_TARGET = 'es2018';
// Bundlers read these comments, and minifying takes them away.
const OPAQUE_IMPORT = /\bimport\(([\w$]+)\)/g;
const LEFT_ALONE = 'import(/* webpackIgnore: true */ /* @vite-ignore */ $1)';

// Makes a plugin that gives modules of the names their texts.
function given(texts) {
  const find = ({ path: name }) => (name in texts ? { path: name, namespace: 'given' } : undefined);
  return {
    name: 'given',
    setup(bundler) {
      bundler.onResolve({ filter: /^#/ }, find);
      bundler.onLoad({ filter: /.*/, namespace: 'given' }, ({ path: name }) => ({ contents: texts[name], resolveDir: SOURCES }));
    },
  };
}

// Searches longer than zlib for what is shortest; more rounds would save some dozen bytes.
async function compress(bytes) {
  const packed = Buffer.from(await zopfli.gzipAsync(bytes, { numiterations: 5 }));
  if (!gunzipSync(packed).equals(bytes)) throw new Error('what is compressed does not unpack to the same');
  return packed;
}

// Takes the WebAssembly out of what emcc has made; returns the JavaScript, and a module with the rest.
async function split(flavour, glue) {
  const match = WASM.exec(glue);
  const wasm = match && Buffer.from(match[2], 'base64');
  const payload = wasm && (flavour.isCompressed ? await compress(wasm) : wasm).toString('base64');
  const rest = { base64: payload ?? undefined, isCompressed: flavour.isCompressed, probe: flavour.probe };
  return {
    glue: match ? glue.replace(WASM, '""') : glue,
    payload: Object.entries(rest).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join(''),
  };
}

// Makes one function of all that does not depend on where the package stands; its argument is what surrounds it.
async function makeCore(glue) {
  const bundled = await build({
    ...OPTIONS,
    entryPoints: [path.join(SOURCES, 'core.mjs')],
    target: CORE_TARGET,
    format: 'iife',
    globalName: 'offered',
    plugins: [given({ '#glue': glue, '#around': 'export default around;' })],
  });
  return `export default function core(around) { ${bundled.outputFiles[0].text}; return offered; }`;
}

async function pack(flavour, core, payload, kind, target) {
  const { version } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
  const bundled = await build({
    ...OPTIONS,
    entryPoints: [path.join(SOURCES, 'index.mjs')],
    target: 'es2022',
    external: ['./predictor-compat.mjs', './predictor-compat.js'],
    define: { OWN_FILE: JSON.stringify(`./${path.basename(target)}`) },
    banner: { js: `/* mxpredictor ${version}, ${flavour.name}: runs MXNet models. Apache-2.0. */` },
    plugins: [given({ '#core': core, '#payload': payload, '#place': `export * from './place-${kind}.mjs';` })],
    ...(kind === 'module' ? { format: 'esm' } : {
      format: 'iife',
      globalName: flavour.variable,
      footer: { js: `if(typeof module==="object"&&module.exports)module.exports=${flavour.variable};` },
    }),
  });
  const { text } = bundled.outputFiles[0];
  if (text.match(OPAQUE_IMPORT)?.length !== 1) throw new Error(`${target} has not one import that bundlers must leave alone`);
  fs.writeFileSync(target, text.replace(OPAQUE_IMPORT, LEFT_ALONE));
}

// Everything else of the package, beside the code. What has not been built cannot be imported.
function describe(to) {
  const { devDependencies, ...description } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
  for (const [name, { import: module }] of Object.entries(description.exports)) {
    if (module && !fs.existsSync(path.join(to, module.default))) delete description.exports[name];
  }
  fs.writeFileSync(path.join(to, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  fs.copyFileSync(path.join(HERE, 'README.md'), path.join(to, 'README.md'));
  fs.copyFileSync(path.join(HERE, '../../../LICENSE'), path.join(to, 'LICENSE'));
  for (const types of ['predictor.d.ts', 'predictor.d.mts']) {
    fs.copyFileSync(path.join(HERE, 'predictor.d.ts'), path.join(to, types));
  }
}

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: node pack.mjs BUILD OUT');
  process.exit(2);
}
fs.mkdirSync(to, { recursive: true });
for (const flavour of FLAVOURS) {
  const built = path.join(from, flavour.built);
  if (!fs.existsSync(built)) continue;
  const { glue, payload } = await split(flavour, fs.readFileSync(built, 'utf8'));
  const core = await makeCore(glue);
  await pack(flavour, core, payload, 'module', path.join(to, `${flavour.name}.mjs`));
  await pack(flavour, core, payload, 'script', path.join(to, `${flavour.name}.js`));
}
describe(to);
