// From pictures to the tensors that image networks take: resized, cropped, normalised, channels first.
import { check, isCount, isList, numbersOf } from './checks.mjs';
import { pixelsOf } from './pixels.mjs';
import { resizedPlanes } from './resize.mjs';

const CHANNELS = new Map([['rgb', [0, 1, 2]], ['bgr', [2, 1, 0]], ['gray', [undefined]]]);
const LUMA = [0.299, 0.587, 0.114];  // ITU-R BT.601, as image libraries convert to grey
const MOST_PIXELS = 2 ** 26;  // of a tensor: three planes of floats are 800 MB

// Which part of the picture fills the wanted rectangle: all of it, or its middle.
const REGIONS = new Map([
  ['stretch', ({ width, height }) => ({ x: 0, y: 0, width, height })],
  ['cover', ({ width, height }, wanted) => {
    const scale = Math.min(width / wanted.width, height / wanted.height);
    const part = { width: wanted.width * scale, height: wanted.height * scale };
    return { x: (width - part.width) / 2, y: (height - part.height) / 2, ...part };
  }],
]);

function checkIsOneOf(map, name, given) {
  check(map.has(given), `${name} is ${[...map.keys()].map((key) => `"${key}"`).join(' or ')}`);
}

const isNumber = (given) => typeof given === 'number' && Number.isFinite(given);

// Returns one number per channel of an option that is a number or a list of them.
function perChannel(name, given, count) {
  const numbers = isList(given) ? Array.from(given) : Array(count).fill(given);
  check(numbers.every(isNumber), `${name} is not a number, nor a list of numbers`);
  check(numbers.length === count, `${name} has ${numbers.length} numbers, the picture ${count} channels`);
  return numbers;
}

// Returns a function of channel and pixel: what is subtracted.
function meanOf(mean, count, { width, height }) {
  if (isNumber(mean) || isList(mean)) {
    const numbers = perChannel('mean', mean, count);
    return (channel) => numbers[channel];
  }
  const values = numbersOf(mean, 'mean');
  const area = width * height;
  check(values.length === count * area, `the mean image has ${values.length} values, the picture ${count * area}`);
  const shape = [count, height, width].join();
  const isSame = mean.shape === undefined || [shape, `1,${shape}`].includes(String(mean.shape));
  check(isSame, `the mean image has the shape [${mean.shape}], the picture [${shape}]`);
  return (channel, at) => values[channel * area + at];
}

// Returns a tensor of shape (1, channels, height, width): ((pixel - mean) * scale) / std, where `mean` and `std` are
// numbers, lists of one number per channel, or `mean` a tensor with the shape of the result (a mean image).
export function imageToTensor(image, options = {}) {
  const { width, height, fit = 'cover', channels = 'rgb', mean = 0, std = 1, scale = 1, background = 255 } = options;
  checkIsOneOf(REGIONS, 'fit', fit);
  checkIsOneOf(CHANNELS, 'channels', channels);
  check(isNumber(scale), 'scale is not a number');
  check(isNumber(background) && background >= 0 && background <= 255, 'background is not a number from 0 to 255');
  const pixels = pixelsOf(image);
  const size = { width: width ?? pixels.width, height: height ?? pixels.height };
  const area = size.width * size.height;
  const isSize = isCount(size.width) && isCount(size.height) && area > 0 && area <= MOST_PIXELS;
  check(isSize, `width and height are not positive integers, or more than ${MOST_PIXELS} pixels`);
  const order = CHANNELS.get(channels);
  const divisors = perChannel('std', std, order.length);
  check(!divisors.includes(0), 'std is zero');
  const subtracted = meanOf(mean, order.length, size);

  const planes = resizedPlanes(pixels, REGIONS.get(fit)(pixels, size), size, background);
  const grey = (_, at) => LUMA[0] * planes[0][at] + LUMA[1] * planes[1][at] + LUMA[2] * planes[2][at];
  const data = new Float32Array(order.length * area);
  order.forEach((source, channel) => {
    const plane = planes[source] ?? planes[0].map(grey);
    for (let at = 0; at < area; at += 1) {
      data[channel * area + at] = ((plane[at] - subtracted(channel, at)) * scale) / divisors[channel];
    }
  });
  return { data, shape: [1, order.length, size.height, size.width] };
}
