// What people write: numbers in a field or an option, labels in a file.

// Returns the number of a text, or the numbers that commas separate; `what` is its name in a message.
export function numbersIn(text, what) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!numbers.every(Number.isFinite)) {
    throw new Error(`${what}: "${text}" is no number, nor numbers with commas between them`);
  }
  return numbers.length === 1 ? numbers[0] : numbers;
}

// Returns the lines of a text, whatever system has written it.
export const linesIn = (text) => text.trimEnd().split(/\r?\n/);
