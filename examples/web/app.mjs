// The page: where pictures come from, and what it shows of the answer.
import { centred, makeDrawable } from './drawing.mjs';
import { DIGITS, modelOf, Recogniser } from './models.mjs';
import { newest } from './newest.mjs';
import { topK } from './predictor.mjs';
import { numbersIn } from './settings.mjs';

const $ = (id) => document.getElementById(id);
const askForModel = newest();
const askForPicture = newest();

let recogniser;
let picture;  // the last one, for when the model changes
let isBusy = false;
let isStale = false;

function say(text, isFailure = false) {
  $('status').textContent = text;
  $('status').classList.toggle('failed', isFailure);
}

function showFacts(facts) {
  $('facts').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [
    Object.assign(document.createElement('dt'), { textContent: name }),
    Object.assign(document.createElement('dd'), { textContent: value }),
  ]));
}

function showAnswers(scores, labels) {
  const sum = scores.data.reduce((total, value) => total + value, 0);
  const areProbabilities = Math.abs(sum - 1) < 1e-3 && scores.data.every((value) => value >= 0);
  const highest = scores.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  $('answers').replaceChildren(...topK(scores, 5, labels).map(({ index, value, label }) => {
    const row = document.createElement('li');
    const bar = Object.assign(document.createElement('div'), { className: 'bar' });
    const filled = document.createElement('span');
    filled.style.width = `${100 * Math.max(0, areProbabilities ? value : value / highest)}%`;
    bar.append(filled);
    const share = areProbabilities ? `${(100 * value).toFixed(1)} %` : value.toPrecision(4);
    row.append(Object.assign(document.createElement('strong'), { textContent: label ?? `class ${index}` }), share, bar);
    return row;
  }));
}

// Downloaded bytes of the page's own files, as the browser knows them; a page from the disk downloads nothing.
function downloaded() {
  const bytes = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
    .reduce((total, entry) => total + (entry.transferSize || 0), 0);
  return bytes ? `${Math.round(bytes / 1000)} kB` : 'nothing';
}

async function recognise() {
  if (!recogniser || !picture) return;
  if (isBusy) {
    isStale = true;  // once more, with the latest picture
    return;
  }
  isBusy = true;
  const [asked, used] = [picture, recogniser];
  const isWanted = () => asked === picture && used === recogniser;
  try {
    const { scores, milliseconds } = await used.recognise(asked);
    if (isWanted()) {
      showAnswers(scores, used.model.labels);
      showFacts({ 'Time': `${milliseconds.toFixed(1)} ms`, 'Downloaded': downloaded(), 'Runs in': 'WebAssembly, a worker' });
      say('Done');
    }
  } catch (error) {
    if (isWanted()) say(error.message, true);
  }
  isBusy = false;
  if (isStale) {
    isStale = false;
    await recognise();
  }
}

// Takes a model, or the promise of one.
async function useModel(choosing) {
  const isNewest = askForModel();
  const report = (done, total) => { if (isNewest() && total) $('progress').value = done / total; };
  $('progress').removeAttribute('value');
  $('progress').hidden = false;
  say('Loading the model');
  try {
    const loaded = await Recogniser.load(await choosing, report);
    if (!isNewest()) {
      loaded.dispose();
      return;
    }
    recogniser?.dispose();
    recogniser = loaded;
    $('model').textContent = loaded.model.title;
    $('answers').replaceChildren();
    say('Ready');
    await recognise();
  } catch (error) {
    if (isNewest()) say(error.message, true);
  } finally {
    if (isNewest()) $('progress').hidden = true;
  }
}

// Reads the fields of the user's own model.
async function chosenModel() {
  const image = { width: Number($('width').value), height: Number($('height').value), channels: $('channels').value };
  const normal = { mean: numbersIn($('mean').value, 'Mean'), std: numbersIn($('std').value, 'Standard deviation') };
  return modelOf($('model-files').files, { input: $('input-name').value, image: { ...image, ...normal } });
}

// Takes a bitmap or a canvas, or nothing; the one before is not needed any more.
function setPicture(next) {
  picture?.close?.();
  picture = next;
}

function preview(file) {
  const address = URL.createObjectURL(file);
  $('preview').onload = () => URL.revokeObjectURL(address);
  $('preview').src = address;
  $('preview').alt = file.name || 'pasted picture';
  $('preview').hidden = false;
}

async function usePicture(file) {
  const isNewest = askForPicture();
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    if (isNewest()) say(`${file.name || 'this'} is not a picture that the browser can read`, true);
    return;
  }
  if (!isNewest()) {
    bitmap.close();
    return;
  }
  setPicture(bitmap);
  preview(file);
  choose('file');
  await recognise();
}

function choose(name) {
  for (const each of ['draw', 'file']) {
    $(`tab-${each}`).setAttribute('aria-selected', String(each === name));
    $(`tab-${each}`).tabIndex = each === name ? 0 : -1;
    $(`panel-${each}`).hidden = each !== name;
  }
}

for (const name of ['draw', 'file']) {
  $(`tab-${name}`).addEventListener('click', () => choose(name));
  $(`tab-${name}`).addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = name === 'draw' ? 'file' : 'draw';
    choose(other);
    $(`tab-${other}`).focus();
  });
}

const clear = makeDrawable($('drawing'), $('pen'), () => {
  askForPicture();
  setPicture(centred($('drawing')));
  recognise();
});
$('clear').addEventListener('click', () => {
  askForPicture();
  clear();
  setPicture(undefined);
  $('answers').replaceChildren();
});

for (const id of ['file', 'camera']) {
  $(id).addEventListener('change', ({ target }) => { if (target.files.length) usePicture(target.files[0]); });
}
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  $('drop').classList.add('over');
});
document.addEventListener('dragleave', () => $('drop').classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  $('drop').classList.remove('over');
  const [file] = event.dataTransfer.files;
  if (file) usePicture(file);
  else say('what was dropped is not a file', true);
});
document.addEventListener('paste', (event) => {
  const file = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'));
  if (file) usePicture(file);
});

$('use-digits').addEventListener('click', () => useModel(DIGITS));
$('use-model').addEventListener('click', () => useModel(chosenModel()));

useModel(DIGITS);
