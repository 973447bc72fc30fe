import type { ReactNode } from 'react';

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChoose: (value: Value) => void;
  readonly className?: string;
}

/** A choice of views, one of which is shown. */
export const Segments = <Value extends string>({
  label,
  value,
  choices,
  onChoose,
  className = '',
}: SegmentsProps<Value>) => (
  <div className={`seg ${className}`} role="group" aria-label={label}>
    {choices.map((one) => (
      <button key={one.value} type="button" aria-pressed={one.value === value} onClick={() => onChoose(one.value)}>
        {one.label}
      </button>
    ))}
  </div>
);
