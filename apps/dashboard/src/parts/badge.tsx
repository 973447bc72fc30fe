import type { ReactNode } from 'react';

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'info';

/** The state of a thing, in a word. Orders have coins instead. */
export const Badge = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={tone === 'plain' ? 'tag' : `tag ${tone}`}>{children}</span>
);
