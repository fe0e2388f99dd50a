// From pictures to the tensors that image networks take: resized, cropped, normalised, channels first.
import { PredictorError } from './errors.mjs';

const CHANNELS = { rgb: [0, 1, 2], bgr: [2, 1, 0], gray: undefined };
const LUMA = [0.299, 0.587, 0.114];  // ITU-R BT.601, as image libraries convert to grey

// Returns a picture's pixels as { data, width, height }: four bytes (red, green, blue, alpha) each, row by row.
export function pixelsOf(image) {
  if (image.data && image.width) return image;
  const width = image.naturalWidth || image.videoWidth || image.width;
  const height = image.naturalHeight || image.videoHeight || image.height;
  if (!(width > 0 && height > 0)) throw new PredictorError('the picture has no pixels: is it loaded?');
  const canvas = typeof OffscreenCanvas === 'undefined'
    ? Object.assign(document.createElement('canvas'), { width, height })
    : new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

// Weights of the picture's samples for each of `size` samples of the part that starts at `from`: a triangle filter,
// widened where the picture gets smaller, as in Pillow's bilinear resize. Canvas would resize too, but differently in
// every browser.
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
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

// Which part of the picture fills the wanted rectangle: all of it stretched, or its middle.
function region({ width, height }, wanted, fit) {
  if (fit === 'stretch') return { x: 0, y: 0, width, height };
  const scale = Math.min(width / wanted.width, height / wanted.height);
  const part = { width: wanted.width * scale, height: wanted.height * scale };
  return { x: (width - part.width) / 2, y: (height - part.height) / 2, ...part };
}

// Applies a filter along one axis: `lines` lines whose samples are `step` apart and which begin `stride` apart.
function convolve(plane, taps, { lines, stride, step }, result, resultStride, resultStep) {
  for (let line = 0; line < lines; line += 1) {
    taps.forEach(({ first, weights }, index) => {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += weights[k] * plane[line * stride + (first + k) * step];
      result[line * resultStride + index * resultStep] = sum;
    });
  }
  return result;
}

// Returns the red, green and blue planes, values from 0 to 255. What is transparent shows the background.
function planesOf({ data, width, height }, background) {
  return [0, 1, 2].map((channel) => Float32Array.from({ length: width * height }, (_, at) => {
    const alpha = data[4 * at + 3] / 255;
    return data[4 * at + channel] * alpha + background * (1 - alpha);
  }));
}

function resized(plane, pixels, part, size) {
  const columns = filter(part.x, part.width, size.width, pixels.width);
  const rows = filter(part.y, part.height, size.height, pixels.height);
  const narrow = new Float32Array(size.width * pixels.height);
  convolve(plane, columns, { lines: pixels.height, stride: pixels.width, step: 1 }, narrow, size.width, 1);
  const result = new Float32Array(size.width * size.height);
  return convolve(narrow, rows, { lines: size.width, stride: 1, step: size.width }, result, 1, size.width);
}

const perChannel = (value, channel) => (Array.isArray(value) ? value[channel] : value);

// Returns a tensor of shape (1, channels, height, width): ((pixel - mean) * scale) / std, where `mean` and `std` are
// numbers, lists of one number per channel, or `mean` a tensor with the shape of the result (a mean image).
export function imageToTensor(image, options = {}) {
  const { width, height, fit = 'cover', channels = 'rgb', mean = 0, std = 1, scale = 1, background = 255 } = options;
  if (!(channels in CHANNELS)) throw new PredictorError('channels is "rgb", "bgr" or "gray"');
  const pixels = pixelsOf(image);
  const size = { width: width ?? pixels.width, height: height ?? pixels.height };
  const part = region(pixels, size, fit);
  const planes = planesOf(pixels, background).map((plane) => resized(plane, pixels, part, size));
  const order = CHANNELS[channels];
  const chosen = order
    ? order.map((channel) => planes[channel])
    : [planes[0].map((red, at) => LUMA[0] * red + LUMA[1] * planes[1][at] + LUMA[2] * planes[2][at])];
  const area = size.width * size.height;
  const data = new Float32Array(chosen.length * area);
  const meanImage = ArrayBuffer.isView(mean?.data) ? mean.data : undefined;
  if (meanImage && meanImage.length !== data.length) {
    throw new PredictorError(`the mean image has ${meanImage.length} values, the picture ${data.length}`);
  }
  chosen.forEach((plane, channel) => {
    const divisor = perChannel(std, channel);
    for (let at = 0; at < area; at += 1) {
      const index = channel * area + at;
      data[index] = ((plane[at] - (meanImage ? meanImage[index] : perChannel(mean, channel))) * scale) / divisor;
    }
  });
  return { data, shape: [1, chosen.length, size.height, size.width] };
}
