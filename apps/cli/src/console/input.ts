import { readFile } from 'node:fs/promises';

const [CTRL_C, CTRL_D, BACKSPACE] = ['\u0003', '\u0004', '\u007f'];

/**
 * Reads a secret from standard input, so that no process list or shell history shows it. A terminal does not echo it.
 */
export async function secretFromInput(what: string): Promise<string> {
  const input = process.stdin;
  if (!input.isTTY) return (await allInput()).trim();
  let text = '';
  process.stderr.write(`${what}: `);
  input.setEncoding('utf8').setRawMode(true);
  reading: for await (const chunk of input) {
    for (const key of String(chunk)) {
      if (key === CTRL_C) process.exit(130);
      if (key === '\r' || key === '\n' || key === CTRL_D) break reading;
      text = key === BACKSPACE ? [...text].slice(0, -1).join('') : text + key;
    }
  }
  input.setRawMode(false);
  process.stderr.write('\n');
  return text.trim();
}

async function allInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk);
  return text;
}

/**
 * Returns the text of an argument: the argument itself, the contents of a file for `@file`, or standard input for `-`.
 */
export function textOf(argument: string): Promise<string> | string {
  if (argument === '-') return allInput();
  return argument.startsWith('@') ? readFile(argument.slice(1), 'utf8') : argument;
}

/** Thrown for a usage error that the options' own checks do not find. */
export class WrongCall extends Error {}

/** The JSON object of an argument, which may be in a file or on standard input. @throws WrongCall */
export async function objectOf(argument: string): Promise<Record<string, unknown>> {
  const text = await textOf(argument);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The error below says what is expected.
  }
  throw new WrongCall('--data takes a JSON object, @file with one, or - for standard input.');
}
