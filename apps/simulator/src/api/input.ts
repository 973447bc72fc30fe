import { clip } from '#libs/kernel';
import type { Upload } from '../world/files.js';

/** A call's parameters as the Bot API server sees them: text, whatever their encoding, and uploaded files. */
export interface CallInput {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, Upload>;
}

/** Adds parameters to `fields`. JSON values that are not strings become their JSON text; null means absent. */
export function addFields(fields: Map<string, string>, values: unknown): void {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    fields.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** Reads an object's fields as if they were a call's parameters, with the same refusals. The files are the call's. */
export function inputOf(value: object, files: CallInput['files'] = new Map()): CallInput {
  const fields = new Map<string, string>();
  addFields(fields, value);
  return { fields, files };
}

/** The parameters for the log: without secrets, and files by name and size. */
export function loggable(input: CallInput, token: string): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const [name, value] of input.fields) {
    shown[name] = name === 'secret_token' ? '***' : clip(value.replaceAll(token, '<token>'), 4_096);
  }
  for (const [name, file] of input.files) shown[name] = `<file ${file.name}, ${file.bytes.length} bytes>`;
  return shown;
}
