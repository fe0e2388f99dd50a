// Part of a picture, resized by a triangle filter that widens where the picture gets smaller, as in Pillow's bilinear
// resize. Canvas would resize too, but differently in every browser.

// Weights of the picture's samples for each of `size` samples of the part that starts at `from`.
function filter(from, length, size, available) {
  const scale = length / size;
  const support = Math.max(scale, 1);
  return Array.from({ length: size }, (_, index) => {
    const centre = from + (index + 0.5) * scale;
    const first = Math.max(Math.floor(centre - support + 0.5), 0);
    const last = Math.min(Math.floor(centre + support + 0.5), available);
    const weights = [];
    for (let at = first; at < last; at += 1) weights.push(Math.max(0, 1 - Math.abs(at + 0.5 - centre) / support));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, last, weights: weights.map((weight) => weight / sum) };
  });
}

// Sums samples that are `step` apart into one for each of the taps, `resultStep` apart.
function convolve(line, start, step, taps, result, resultStart, resultStep) {
  for (let index = 0; index < taps.length; index += 1) {
    const { first, weights } = taps[index];
    let sum = 0;
    for (let k = 0; k < weights.length; k += 1) sum += weights[k] * line[start + (first + k) * step];
    result[resultStart + index * resultStep] = sum;
  }
}

// Takes one channel of the samples first to last of a row of pixels. What is transparent shows the background.
function unpack({ data, width }, row, channel, { first, last }, background, line) {
  for (let x = first; x < last; x += 1) {
    const at = 4 * (row * width + x);
    const alpha = data[at + 3];
    line[x] = alpha === 255 ? data[at + channel] : background + ((data[at + channel] - background) * alpha) / 255;
  }
}

// Returns the red, green and blue planes of the part, in the size, values from 0 to 255. Nothing outside is read.
export function resizedPlanes(pixels, part, size, background) {
  const columns = filter(part.x, part.width, size.width, pixels.width);
  const rows = filter(part.y, part.height, size.height, pixels.height);
  const [top, bottom] = [rows[0].first, rows[rows.length - 1].last];
  const across = { first: columns[0].first, last: columns[columns.length - 1].last };
  const line = new Float32Array(pixels.width);
  const narrow = new Float32Array(size.width * (bottom - top));
  return [0, 1, 2].map((channel) => {
    for (let row = top; row < bottom; row += 1) {
      unpack(pixels, row, channel, across, background, line);
      convolve(line, 0, 1, columns, narrow, (row - top) * size.width, 1);
    }
    const plane = new Float32Array(size.width * size.height);
    for (let x = 0; x < size.width; x += 1) {
      convolve(narrow, x - top * size.width, size.width, rows, plane, x, size.width);
    }
    return plane;
  });
}
