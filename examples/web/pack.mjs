// Puts the page together: a folder for any static server, and one file that needs none.
//
//   node pack.mjs PACKAGE MODELS OUT
//
// PACKAGE is the npm package's folder, MODELS holds the bundled model.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PAGE = ['index.html', 'style.css', 'app.mjs', 'drawing.mjs', 'models.mjs', 'newest.mjs', 'settings.mjs'];
const ENGINE = ['predictor.mjs', 'predictor-compat.mjs'];
const MODEL = ['digits-symbol.json', 'digits-0000.params'];

const [engine, models, out] = process.argv.slice(2);
if (!out) {
  console.error('usage: node pack.mjs PACKAGE MODELS OUT');
  process.exit(2);
}
fs.mkdirSync(out, { recursive: true });
for (const [folder, files] of [[HERE, PAGE], [engine, ENGINE], [models, MODEL]]) {
  for (const file of files) fs.copyFileSync(path.join(folder, file), path.join(out, file));
}

const read = (folder, file) => fs.readFileSync(path.join(folder, file), 'utf8');
const dataOf = (file) => `data:application/octet-stream;base64,${fs.readFileSync(path.join(models, file)).toString('base64')}`;
const inScript = (text) => text.replaceAll('</script', '<\\/script');

// The page's own modules as one script; the package is a script before it.
const bundled = await build({
  entryPoints: [path.join(HERE, 'app.mjs')],
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  write: false,
  logLevel: 'warning',
  plugins: [{
    name: 'package',
    setup(bundler) {
      bundler.onResolve({ filter: /^\.\/predictor\.mjs$/ }, () => ({ path: 'package', namespace: 'page' }));
      bundler.onLoad({ filter: /.*/, namespace: 'page' }, () => ({ contents: 'module.exports = globalThis.mxpredictor;' }));
    },
  }],
});

const [index, style, script] = [read(HERE, 'index.html'), read(HERE, 'style.css'), read(engine, 'predictor.js')];
const single = [
  ['<link rel="stylesheet" href="style.css">', `<style>\n${style}</style>`],
  ...MODEL.map((file) => [`href="${file}"`, `href="${dataOf(file)}"`]),
  ['<script type="module" src="app.mjs"></script>',
    `<script>${inScript(script)}</script>\n<script>${inScript(bundled.outputFiles[0].text)}</script>`],
].reduce((text, [from, to]) => {
  if (!text.includes(from)) throw new Error(`index.html has no ${from}`);
  return text.replace(from, () => to);
}, index);
fs.writeFileSync(path.join(out, 'single.html'), single);
