import type { ReactNode } from 'react';
import '../styles/gauge.css';

interface GaugeProps {
  readonly name: string;
  readonly value: ReactNode;
  /** null: there is no limit to fill. */
  readonly percent: number | null;
  readonly isNearlyFull: boolean;
  /** A line below. */
  readonly children?: ReactNode;
}

/** An amount next to its limit, with a bar that fills. */
export const Gauge = ({ name, value, percent, isNearlyFull, children }: GaugeProps) => (
  <div className="gauge">
    <span className={isNearlyFull ? 'warn m' : 'm'}>{name}</span>
    <span className={isNearlyFull ? 'warn m' : 'dim'}>{value}</span>
    {percent !== null && (
      <progress className={isNearlyFull ? 'w' : ''} max={100} value={Math.min(percent, 100)} aria-label={name} />
    )}
    {children}
  </div>
);
