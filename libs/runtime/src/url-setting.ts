import { z } from 'zod';

/** A setting that is a URL. @param protocols with their colons */
export const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });

export const noSlash = (text: string) => text.replace(/\/+$/, '');
