import type { ReactNode } from 'react';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  /** A way to get content here. */
  readonly children?: ReactNode;
}

export const Empty = ({ title, text, children }: EmptyProps) => (
  <div className="empty">
    <Course />
    <h2>{title}</h2>
    <p>{text}</p>
    {children !== undefined && <div className="row">{children}</div>}
  </div>
);

/** An outlined course of bricks: the empty state. */
export const Course = ({ wide = false }: { readonly wide?: boolean }) => (
  <svg className={wide ? undefined : 'art'} width={wide ? '100%' : 160} height="32" aria-hidden="true">
    <defs>
      <pattern id="course" width="32" height="16" patternUnits="userSpaceOnUse">
        <path d="M.5 1.5h27v5h-27zM-15.5 9.5h27v5h-27zM16.5 9.5h27v5h-27z" fill="none" stroke="var(--line-2)" />
      </pattern>
    </defs>
    <rect width="100%" height="32" fill="url(#course)" />
  </svg>
);

const WIDTHS = ['w-2/5', 'w-3/5', 'w-1/2', 'w-2/3', 'w-2/5', 'w-1/2'];

/**
 * Placeholder lines as high as rows, while the rows are loading. Shown after a moment, so that fast responses cause no
 * flicker.
 */
export function Skeleton({ lines = WIDTHS.length }: { readonly lines?: number }) {
  const { loading } = useTexts(COMMON_TEXTS);
  return (
    <div className="late-in" role="status" aria-label={loading}>
      {WIDTHS.slice(0, lines).map((width, n) => (
        <div key={`${width}-${String(n)}`} className="flex h-11 items-center gap-4 border-b border-line">
          <i className="sk w-24" />
          <i className={`sk ${width}`} />
        </div>
      ))}
    </div>
  );
}
