/// <reference lib="esnext.disposable" />

/** Bytes: a file read, a part of a buffer. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** Where a model is: an address to fetch (in node also a path), bytes, a file that the user has chosen, a response. */
export type Source = string | URL | Bytes | Blob | Response;

/** Extents, the batch first: [1, 3, 224, 224]. */
export type Shape = readonly number[];

/** float32 values in row-major order; as many as the product of the shape. */
export interface Tensor {
  data: Float32Array;
  shape: number[];
}

/** A list of numbers. */
export type Numbers =
  | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array
  | readonly number[];

/** What a network can be given; the values become float32. A shape must be the input's own. */
export type Values = Numbers | { readonly data: Numbers; readonly shape?: Shape };

/** A value for inputs, by name (one that is left out keeps its last value); or the value of the only input. */
export type Inputs = Readonly<Record<string, Values>> | Values;

/** `total` is undefined where the server does not say it. */
export type OnProgress = (loadedBytes: number, totalBytes: number | undefined) => void;

export interface CreateOptions {
  /** NAME-symbol.json; a string that begins with a brace is the text itself. */
  symbol: Source;
  /** NAME-0000.params. */
  params: Source;
  /** The shape of every input, by name. */
  inputs: Readonly<Record<string, Shape>>;
  /** Names of inner nodes to read instead of the network's outputs. */
  outputs?: readonly string[];
  /** Told while the parameters are read. What it throws ends the reading. */
  onProgress?: OnProgress;
  /** Stops fetching; what is thrown is the signal's reason. */
  signal?: AbortSignal;
}

/** A refused call, an unreadable model, bytes that cannot be had. The message is the C library's where it was asked. */
export class PredictorError extends Error {
  constructor(message: string, options?: { cause?: unknown });
}

/** A network that is ready to run, in this thread. Call `dispose` when done, or declare it with `using`. */
export class Predictor {
  private constructor();
  /** @throws {PredictorError} it cannot be fetched, read or run */
  static create(options: CreateOptions): Promise<Predictor>;
  /** The shapes that were asked for. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** The shapes of what `predict` returns. */
  readonly outputs: readonly Shape[];
  /**
   * Runs the network; the result is a copy and stays as it is.
   * @throws {PredictorError} an input does not exist, has another size or another shape, or is no list of numbers; then
   * no input has changed
   */
  predict(inputs: Inputs): Tensor[];
  /** Changes the shapes of inputs; the weights are kept. */
  reshape(inputs: Readonly<Record<string, Shape>>): void;
  /** Frees the memory. Doing it twice is no error. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** As Predictor, but the network runs in a worker of its own, and the page goes on. Browsers only. */
export class WorkerPredictor {
  private constructor();
  /** @throws {PredictorError} the worker cannot be started, or as Predictor.create */
  static create(options: CreateOptions): Promise<WorkerPredictor>;
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: readonly Shape[];
  /**
   * `transfer`: the buffers of the inputs are handed over instead of copied, and are empty afterwards. Of a view that is
   * a part of its buffer, that part is copied.
   */
  predict(inputs: Inputs, options?: { transfer?: boolean }): Promise<Tensor[]>;
  reshape(inputs: Readonly<Record<string, Shape>>): Promise<void>;
  /** Ends the worker; what is still awaited is rejected. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Four bytes (red, green, blue, alpha) of each pixel, row by row; an ImageData is one. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What canvas can draw: a picture that is loaded, a canvas, a bitmap, a video, a frame. */
export type Drawable =
  | { readonly width: number; readonly height: number }
  | { readonly naturalWidth: number; readonly naturalHeight: number }
  | { readonly videoWidth: number; readonly videoHeight: number }
  | { readonly displayWidth: number; readonly displayHeight: number };

/** What has pixels. Where there is no canvas, as in node, only pixels themselves. */
export type Picture = Pixels | Drawable;

export interface ImageOptions {
  /** Of the tensor; default: the picture's. */
  width?: number;
  height?: number;
  /** "cover" keeps the proportions and the middle, "stretch" keeps everything. Default: "cover". */
  fit?: 'cover' | 'stretch';
  /** The planes of the tensor, in this order. Default: "rgb". */
  channels?: 'rgb' | 'bgr' | 'gray';
  /** Subtracted from values of 0 to 255: one number, one per channel, or a mean image of the tensor's size. Default: 0. */
  mean?: number | Numbers | { readonly data: Numbers; readonly shape?: Shape };
  /** Then multiplied with. Default: 1. */
  scale?: number;
  /** Then divided by: one number, or one per channel. Default: 1. */
  std?: number | Numbers;
  /** What shows through transparent pixels, 0 to 255. Default: 255. */
  background?: number;
}

/** Makes a tensor of shape (1, channels, height, width) of a picture: ((pixel - mean) * scale) / std. */
export function imageToTensor(picture: Picture, options?: ImageOptions): Tensor;

/** Reads the pixels of a picture: red, green, blue and alpha of each, row by row. */
export function pixelsOf(picture: Picture): Pixels;

/** An array of a file; the name is empty where the file has none. */
export interface NamedTensor extends Tensor {
  name: string;
}

/**
 * Reads a file of arrays in MXNet's format, such as a mean image: by name, or by index ("0", "1" and so on) where names
 * are missing or repeated.
 */
export function readArrays(source: Source, options?: { onProgress?: OnProgress; signal?: AbortSignal }): Promise<Map<string, NamedTensor>>;

export interface Ranked {
  index: number;
  value: number;
  /** Where labels were given. */
  label?: string;
}

/** The largest values, the largest first; what is not a number comes last. */
export function topK(values: Values, count?: number, labels?: readonly string[]): Ranked[];

/** The C functions themselves (c_predict_api.h), as emscripten gives them: pointers are numbers. */
export interface PredictorModule {
  readonly [name: `_MX${string}`]: (...values: number[]) => number;
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  UTF8ToString(address: number): string;
  getValue(address: number, type: string): number;
  ccall(name: string, result: string | null, types: readonly string[], values: readonly unknown[]): any;
  cwrap(name: string, result: string | null, types: readonly string[]): (...values: any[]) => any;
}

/** Starts the compiled library in a memory of its own. */
export function createModule(): Promise<PredictorModule>;
