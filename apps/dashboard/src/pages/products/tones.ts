import type { Schema } from '#libs/client';
import type { Tone } from '../../parts/badge';

export const TONES: Readonly<Record<Schema<'Product'>['state'], Tone>> = {
  draft: 'plain',
  active: 'good',
  archived: 'plain',
};
