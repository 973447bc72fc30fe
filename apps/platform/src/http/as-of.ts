import { z } from 'zod';

/** The response header of a downloaded report. In JSON, the field `as_of` says the same. */
export const AS_OF = 'As-Of';

/** Declares the header for the API description. */
export const AS_OF_HEADERS = { [AS_OF]: { $ref: `#/components/headers/${AS_OF}` } };

export const asOfSchema = z.iso
  .datetime()
  .describe('The report contains everything until then. Usually a moment ago; at most half a minute by default.');

/** @param asOf from `Database.inReport` */
export const asOfView = (asOf: string): string => new Date(asOf).toISOString();
