// Times networks in node, one thread each: the package beside onnxruntime-web, both WebAssembly with SIMD.
//
//   node bench.mjs PACKAGE ORT FOLDER NETWORK...
//
// PACKAGE and ORT are the folders of predictor.mjs and of ort.wasm.min.mjs; FOLDER holds what export_zoo.py writes of
// each network, and NETWORK.data and NETWORK.output as bare floats. Every contestant is a process of its own; they
// take turns in rounds, so that noise hits them alike. A ratio is the median over the rounds of CPU time to that of
// onnxruntime-web. Exit status 1: an answer is wrong.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const TOLERANCE = 3e-5;
const ROUNDS = 7;
const ROUND_MS = 500;
const SHAPE = [1, 3, 224, 224];
const PEER = 'onnxruntime-web';

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const floats = (file) => new Float32Array(Uint8Array.from(fs.readFileSync(file)).buffer);

// ---- one contestant, in its own process

// Each makes a function of no arguments that runs the network and gives a promise of its output.
const CONTESTANTS = {
  async package(file, files, data) {
    const { Predictor } = await import(pathToFileURL(file));
    const predictor = await Predictor.create({
      symbol: `${files}-symbol.json`, params: `${files}-0000.params`, inputs: { data: SHAPE },
    });
    return async () => predictor.predict({ data })[0].data;
  },
  async peer(file, files, data) {
    const ort = await import(pathToFileURL(file));
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = pathToFileURL(`${path.dirname(file)}/`).href;
    ort.env.logLevel = 'error';
    const session = await ort.InferenceSession.create(fs.readFileSync(`${files}.onnx`), { executionProviders: ['wasm'] });
    const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', data, SHAPE) };
    return async () => (await session.run(feeds))[session.outputNames[0]].data;
  },
};

function relativeError(output, expected) {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, at) => Math.abs(output[at] - value))) / largest;
}

async function compete(kind, file, files) {
  const begin = performance.now();
  const forward = await CONTESTANTS[kind](file, files, floats(`${files}.data`));
  const output = await forward();
  process.send({ startMs: performance.now() - begin, error: relativeError(output, floats(`${files}.output`)) });
  process.on('message', async () => {
    const before = process.cpuUsage();
    const end = performance.now() + ROUND_MS;
    let count = 0;
    for (; count === 0 || performance.now() < end; ++count) await forward();
    const { user, system } = process.cpuUsage(before);
    process.send((user + system) / 1000 / count);
  });
}

// ---- all of them

function start(kind, file, files) {
  const child = fork(fileURLToPath(import.meta.url), ['--compete', kind, file, files]);
  const answer = () => new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (status) => reject(new Error(`${file}: exit status ${status}`)));
  });
  return { answer, turn: () => { child.send('go'); return answer(); }, stop: () => child.kill() };
}

async function measure(network, contestants, folder) {
  const rows = [];
  for (const { name, kind, files } of contestants) {
    const running = start(kind, files[0], path.join(folder, network));
    rows.push({ name, running, times: [], ...await running.answer() });
  }
  for (let round = 0; round < ROUNDS; ++round) {
    for (const row of rows) row.times.push(await row.running.turn());
  }
  const peer = rows.find(({ name }) => name === PEER);
  for (const row of rows) {
    row.running.stop();
    row.ratio = median(row.times.map((time, round) => time / peer.times[round]));
    const cells = [median(row.times).toFixed(1), row.ratio.toFixed(2), row.startMs.toFixed(0), row.error.toExponential(0)];
    console.log(`| ${network} | ${row.name} | ${cells.join(' | ')} |${row.error > TOLERANCE ? ' WRONG' : ''}`);
  }
  return rows;
}

async function main([dist, ort, folder, ...networks]) {
  const contestants = [
    { name: 'predictor.mjs', kind: 'package', files: [path.join(dist, 'predictor.mjs')] },
    { name: 'predictor-compat.mjs', kind: 'package', files: [path.join(dist, 'predictor-compat.mjs')] },
    { name: PEER, kind: 'peer', files: ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map((file) => path.join(ort, file)) },
  ];
  console.log('| network | run by | CPU ms | ratio | load and first run, ms | error |\n|---|---|--:|--:|--:|--:|');
  const rows = [];
  for (const network of networks) rows.push(...await measure(network, contestants, folder));
  console.log('\n| run by | ratio, geometric mean | KB | KB gzip |\n|---|--:|--:|--:|');
  for (const { name, files } of contestants) {
    const ratios = rows.filter((row) => row.name === name).map((row) => row.ratio);
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    const contents = files.map((file) => fs.readFileSync(file));
    const kilobytes = (size) => (contents.reduce((sum, content) => sum + size(content), 0) / 1000).toFixed(0);
    console.log(`| ${name} | ${mean.toFixed(2)} | ${kilobytes((content) => content.length)} | ${kilobytes((content) => gzipSync(content, { level: 9 }).length)} |`);
  }
  process.exitCode = rows.some(({ error }) => !(error <= TOLERANCE)) ? 1 : 0;
}

const [option, ...rest] = process.argv.slice(2);
await (option === '--compete' ? compete(...rest) : main(process.argv.slice(2)));
