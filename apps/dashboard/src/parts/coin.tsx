import type { ReactNode } from 'react';

/** The coin's shapes: it fills as the order progresses. */
const SHAPES = {
  placed: (
    <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 2.2" />
  ),
  approved: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 8V4a4 4 0 0 1 4 4z" fill="currentColor" />
    </>
  ),
  paid: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 4a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  delivering: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 8V4a4 4 0 1 1-4 4z" fill="currentColor" />
    </>
  ),
  delivered: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        d="m5 8.3 2.1 2.1L11 6.2"
        fill="none"
        stroke="#fff"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M8 4.6v4M8 11.2v.1" fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  refunded: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M5 7h3.8a1.8 1.8 0 0 1 0 3.6H7M6.5 5.3 4.8 7l1.7 1.7"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  expired: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M8 5v3l2 1.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="m6 6 4 4M10 6l-4 4" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  warned: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M8 4.6v4M8 11.2v.1" fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  msg: <circle cx="8" cy="8" r="3" fill="currentColor" />,
};

export type CoinName = keyof typeof SHAPES;

const TONES: Readonly<Record<CoinName, 'n' | 'i' | 'g' | 'b' | 'w'>> = {
  placed: 'n',
  approved: 'i',
  paid: 'i',
  delivering: 'i',
  delivered: 'g',
  failed: 'b',
  refunded: 'n',
  expired: 'n',
  cancelled: 'n',
  warned: 'w',
  msg: 'n',
};

export const Coin = ({ name }: { readonly name: CoinName }) => (
  <svg className={`ck c-${TONES[name]}`} viewBox="0 0 16 16" aria-hidden="true">
    {SHAPES[name]}
  </svg>
);

/** A coin is always shown with its word. */
export const CoinWord = ({ name, children }: { readonly name: CoinName; readonly children: ReactNode }) => (
  <span className="coin">
    <Coin name={name} />
    {children}
  </span>
);
