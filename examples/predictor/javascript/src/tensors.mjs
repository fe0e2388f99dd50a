// What stands for a tensor: values in row-major order, with or without a shape.

// Returns how many values a shape has.
export const sizeOf = (shape) => shape.reduce((size, extent) => size * extent, 1);

export const isTensor = (given) => ArrayBuffer.isView(given?.data) && 'shape' in given;

export const isValues = (given) => ArrayBuffer.isView(given) || Array.isArray(given);

// Returns the values of a tensor, or of what is a list of values itself; undefined for anything else.
export const valuesOf = (given) => (isValues(given) ? given : given?.data);
