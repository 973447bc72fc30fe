import { clip } from '#libs/kernel';
import type { Upload } from '../world/files.js';

/** A call's parameters as the Bot API server sees them: text, whatever encoding they came in, and uploaded files. */
export interface CallInput {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, Upload>;
}

/** Adds parameters to `fields`: JSON values that are not strings become their JSON text, null is the same as absent. */
export function addFields(fields: Map<string, string>, values: unknown): void {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    fields.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
}

/** An object's fields as the parameters of a call, so that they are read and refused alike. Files are those of the call. */
export function inputOf(value: object, files: CallInput['files'] = new Map()): CallInput {
  const fields = new Map<string, string>();
  addFields(fields, value);
  return { fields, files };
}

/** For the log: the parameters without secrets, files by name and size. */
export function loggable(input: CallInput, token: string): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const [name, value] of input.fields) {
    shown[name] = name === 'secret_token' ? '***' : clip(value.replaceAll(token, '<token>'), 4_096);
  }
  for (const [name, file] of input.files) shown[name] = `<file ${file.name}, ${file.bytes.length} bytes>`;
  return shown;
}
