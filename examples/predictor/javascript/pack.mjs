// Packs what emcc has made into the files of the npm package: per flavour a module and a script, each complete.
//
//   node pack.mjs BUILD OUT
//
// BUILD holds simd.js and compat.js, and perhaps plain.js, which has no WebAssembly. The WebAssembly of the first is
// compressed: whatever runs it has DecompressionStream too, and base64 of compressed bytes stays small when a server
// compresses the file once more.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const HERE = path.dirname(fileURLToPath(import.meta.url));
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

// The modules that depend on the flavour and on the kind of file.
function parts(flavour, glue, kind) {
  const match = WASM.exec(glue);
  const wasm = match && Buffer.from(match[2], 'base64');
  const payload = wasm && (flavour.isCompressed ? gzipSync(wasm, { level: 9 }) : wasm).toString('base64');
  const texts = {
    '#glue': match ? glue.replace(WASM, '""') : glue,
    '#payload': `export const base64 = ${JSON.stringify(payload ?? undefined)};
export const isCompressed = ${flavour.isCompressed};
export const probe = ${JSON.stringify(flavour.probe ?? undefined)};`,
  };
  return {
    name: 'parts',
    setup(bundler) {
      bundler.onResolve({ filter: /^#(glue|payload)$/ }, ({ path: name }) => ({ path: name, namespace: 'parts' }));
      bundler.onLoad({ filter: /.*/, namespace: 'parts' }, ({ path: name }) => ({ contents: texts[name], loader: 'js' }));
      bundler.onResolve({ filter: /^#flavour$/ }, () => ({ path: path.join(HERE, 'src', 'flavour.mjs') }));
      bundler.onResolve({ filter: /^#surroundings$/ }, () => ({ path: path.join(HERE, 'src', `surroundings-${kind}.mjs`) }));
    },
  };
}

async function pack(flavour, glue, kind, target) {
  const { version } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
  await build({
    entryPoints: [path.join(HERE, 'src', 'index.mjs')],
    bundle: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    target: 'es2022',
    logLevel: 'warning',
    external: ['./predictor-compat.mjs', './predictor-compat.js'],
    define: { OWN_FILE: JSON.stringify(`./${path.basename(target)}`) },
    banner: { js: `/* mxpredictor ${version}, ${flavour.name}: runs MXNet models. Apache-2.0. */` },
    plugins: [parts(flavour, glue, kind)],
    outfile: target,
    ...(kind === 'module' ? { format: 'esm' } : {
      format: 'iife',
      globalName: flavour.variable,
      footer: { js: `if(typeof module==="object"&&module.exports)module.exports=${flavour.variable};` },
    }),
  });
}

// Everything else of the package, beside the code.
function describe(to) {
  const { devDependencies, ...description } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
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
  const glue = fs.readFileSync(built, 'utf8');
  await pack(flavour, glue, 'module', path.join(to, `${flavour.name}.mjs`));
  await pack(flavour, glue, 'script', path.join(to, `${flavour.name}.js`));
}
describe(to);
