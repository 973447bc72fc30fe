import type { Schema } from '#libs/client';
import type { Tone } from '../../parts/badge';

type Code = Pick<Schema<'PromoCode'>, 'state' | 'starts_at' | 'ends_at' | 'max_uses' | 'uses'>;
export type CodeState = 'valid' | 'scheduled' | 'over' | 'usedUp' | 'archived';

export const CODE_TONES: Readonly<Record<CodeState, Tone>> = {
  valid: 'good',
  scheduled: 'info',
  over: 'plain',
  usedUp: 'warn',
  archived: 'plain',
};

/** The effect of a code for a buyer who enters it at `now`. */
export function codeState({ state, starts_at: start, ends_at: end, max_uses: most, uses }: Code, now: Date): CodeState {
  if (state === 'archived') return 'archived';
  if (end !== null && new Date(end) <= now) return 'over';
  if (start !== null && new Date(start) > now) return 'scheduled';
  return most !== null && uses >= most ? 'usedUp' : 'valid';
}
