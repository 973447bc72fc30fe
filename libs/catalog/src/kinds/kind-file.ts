import { atOnce, type Kind, problem } from './kind.js';

/** A file of the workspace. */
export const file: Kind = {
  charged: 'once',
  cardPromise: atOnce,
  fields: ['file_id'],
  problems: ({ fileId }) =>
    problem('file_id', fileId === null ? 'is required: upload the file to /v1/files first' : undefined),
};
