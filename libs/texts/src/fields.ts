import type { Stars } from '#libs/kernel';

/** The value that each kind of placeholder needs. */
export interface FieldValues {
  readonly text: string;
  /** `50 Stars`, in words. */
  readonly stars: Stars;
  /** `50 ⭐`, where space is limited. */
  readonly price: Stars;
  readonly number: number;
  /** `1,500 scan`, with the unit's own name; `counted` uses the creator's words for it. */
  readonly credits: { readonly amount: number; readonly unit: string };
  /** A day, in UTC. */
  readonly date: Date;
  /** A day and a minute, in UTC. */
  readonly time: Date;
  /** Seconds, shown in the largest unit without a remainder. */
  readonly duration: number;
}

export type FieldKind = keyof FieldValues;
