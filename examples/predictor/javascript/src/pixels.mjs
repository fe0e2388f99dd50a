// The pixels of pictures, whatever holds them.
import { check, isA, isCount } from './checks.mjs';
import { PredictorError } from './errors.mjs';

const BYTES_OF_PIXEL = 4;

// What canvas can draw says its own size in one of several ways; a picture that is not loaded yet has another on the page.
function sizeOfDrawable(image) {
  const kind = ['natural', 'video', 'display'].find((each) => `${each}Width` in image);
  const [width, height] = kind ? [`${kind}Width`, `${kind}Height`] : ['width', 'height'];
  return { width: image[width], height: image[height] };
}

function drawn(image) {
  const { width, height } = sizeOfDrawable(image);
  check(width > 0 && height > 0, 'the picture has no pixels: is it loaded?');
  try {
    const canvas = typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    throw new PredictorError(`the pixels of the picture cannot be read: ${error.message}`, { cause: error });
  }
}

// Returns a picture's pixels as { data, width, height }: four bytes (red, green, blue, alpha) each, row by row.
export function pixelsOf(image) {
  check(typeof image === 'object' && image !== null, 'what is given is no picture');
  if (!ArrayBuffer.isView(image.data)) return drawn(image);
  const { data, width, height } = image;
  check(isA('Uint8ClampedArray', data) || isA('Uint8Array', data), 'the pixels are not bytes');
  const isSize = isCount(width) && isCount(height) && width > 0 && height > 0;
  check(isSize, 'the width and height of the pixels are not positive integers');
  const bytes = BYTES_OF_PIXEL * width * height;
  const meant = `${width} x ${height} pixels of red, green, blue and alpha are ${bytes} bytes`;
  check(data.length === bytes, `${meant}, not ${data.length}`);
  return image;
}
