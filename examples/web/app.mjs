// The page: where pictures come from, and what it shows of the answer.
import { centred, makeDrawable } from './drawing.mjs';
import { DIGITS, modelOf, Recogniser } from './models.mjs';
import { topK } from './predictor.mjs';

const $ = (id) => document.getElementById(id);
const numbers = (text) => text.split(',').map(Number);

let recogniser;
let loading = 0;  // the model that was asked for last
let picture;      // the last one, for when the model changes
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
  const highest = Math.max(...scores.data.map(Math.abs));
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
  try {
    const { scores, milliseconds } = await recogniser.recognise(picture);
    showAnswers(scores, recogniser.model.labels);
    showFacts({ 'Time': `${milliseconds.toFixed(1)} ms`, 'Downloaded': downloaded(), 'Runs in': 'WebAssembly, a worker' });
    say('Done');
  } catch (error) {
    say(error.message, true);
  }
  isBusy = false;
  if (isStale) {
    isStale = false;
    await recognise();
  }
}

async function useModel(model) {
  loading += 1;
  const own = loading;
  $('progress').hidden = false;
  say('Loading the model');
  try {
    const loaded = await Recogniser.load(model, (done, total) => { if (total) $('progress').value = done / total; });
    if (own !== loading) {
      loaded.dispose();
      return;
    }
    recogniser?.dispose();
    recogniser = loaded;
    $('model').textContent = model.title;
    $('answers').replaceChildren();
    say('Ready');
    await recognise();
  } catch (error) {
    say(error.message, true);
  } finally {
    $('progress').hidden = true;
  }
}

async function usePicture(file) {
  try {
    picture = await createImageBitmap(file);
  } catch {
    say(`${file.name || 'this'} is not a picture that the browser can read`, true);
    return;
  }
  $('preview').src = URL.createObjectURL(file);
  $('preview').alt = file.name || 'pasted picture';
  $('preview').hidden = false;
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

const clear = makeDrawable($('drawing'), () => {
  picture = centred($('drawing'));
  recognise();
});
$('clear').addEventListener('click', () => {
  clear();
  picture = undefined;
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
  if (event.dataTransfer.files.length) usePicture(event.dataTransfer.files[0]);
});
document.addEventListener('paste', (event) => {
  const file = [...event.clipboardData.files].find(({ type }) => type.startsWith('image/'));
  if (file) usePicture(file);
});

$('use-digits').addEventListener('click', () => useModel(DIGITS));
$('use-model').addEventListener('click', async () => {
  const image = { width: Number($('width').value), height: Number($('height').value), channels: $('channels').value };
  const options = { input: $('input-name').value, image: { ...image, mean: numbers($('mean').value), std: numbers($('std').value) } };
  try {
    await useModel(await modelOf($('model-files').files, options));
  } catch (error) {
    say(error.message, true);
  }
});

useModel(DIGITS);
