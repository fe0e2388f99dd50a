// A canvas to draw on with a finger, a pen, a mouse, or the keyboard.
const STROKE = 28;
const STEP = 10;
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

// Calls `changed` after each stroke; returns a function that clears the canvas. The element `pen` is moved to where the
// keyboard's pen is.
export function makeDrawable(canvas, pen, changed) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let last;     // where the stroke is
  let pointer;  // that draws
  let isPenDown = false;
  let cursor;

  const clear = () => {
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  const movePen = (point) => {
    cursor = point.map((value) => Math.min(Math.max(value, 0), canvas.width));
    [pen.style.left, pen.style.top] = cursor.map((value) => `${(100 * value) / canvas.width}%`);
  };
  const drawTo = (point) => {
    context.strokeStyle = '#000000';
    context.lineWidth = STROKE;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...(last ?? point));
    context.lineTo(...point);
    context.stroke();
    last = point;
    movePen(point);
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const lift = () => {
    [pointer, isPenDown] = [undefined, false];
    if (last) changed();
    last = undefined;
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || pointer !== undefined) return;
    canvas.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    drawTo(place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) drawTo(place(each));
  });
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, (event) => { if (event.pointerId === pointer) lift(); });
  }

  canvas.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (!move && event.key !== ' ') return;
    event.preventDefault();
    if (event.key === ' ') isPenDown = true;
    else movePen(cursor.map((value, axis) => value + move[axis]));
    if (isPenDown) drawTo(cursor);
  });
  canvas.addEventListener('keyup', (event) => { if (event.key === ' ') lift(); });
  canvas.addEventListener('blur', lift);

  clear();
  movePen([canvas.width / 2, canvas.height / 2]);
  return clear;
}

// Returns a square picture of what is drawn, its middle in the middle, as the scans are that the model has learnt from.
export function centred(canvas) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 0; at < width * height; at += 1) {
    if (data[4 * at] > 128) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  if (left >= right) return undefined;
  const side = Math.max(right - left, bottom - top);
  const result = new OffscreenCanvas(side, side);
  const context = result.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, side, side);
  context.drawImage(canvas, left, top, right - left, bottom - top,
    (side - (right - left)) / 2, (side - (bottom - top)) / 2, right - left, bottom - top);
  return result;
}
