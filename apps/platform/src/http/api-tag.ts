export type Refusals = readonly (readonly [status: number, code: string])[];

export interface ApiTag {
  readonly description: string;
  /** What the routes of this tag refuse beyond what every route may. Writes only, unless `reads` says otherwise. */
  readonly writes?: Refusals;
  readonly reads?: Refusals;
}
