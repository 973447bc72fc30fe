import type { ReactNode } from 'react';

interface PartProps {
  readonly title: string;
  /** Shown at the end of the heading: a button, or a word. */
  readonly beside?: ReactNode;
  /** A sentence under the heading. */
  readonly text?: ReactNode;
  /** True for the first part of a page, without a line above. */
  readonly first?: boolean;
  readonly children?: ReactNode;
}

/** A section of a page with its heading. */
export const Part = ({ title, beside, text, first = false, children }: PartProps) => (
  <section className={first ? 'pt-4' : 'sec'}>
    <div className="sh">
      <h2 className="grow">{title}</h2>
      {beside}
    </div>
    {text !== undefined && <p className="mut mb-3 max-w-[70ch]">{text}</p>}
    {children}
  </section>
);
