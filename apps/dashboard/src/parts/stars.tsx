import { useFormat, useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

const SHAPE = 'M8 2.1L9.85 5.95L14.09 6.52L11 9.47L11.76 13.68L8 11.65L4.24 13.68L5 9.47L1.91 6.52L6.15 5.95Z';

export function StarSign() {
  const { stars } = useTexts(COMMON_TEXTS);
  return (
    <svg viewBox="0 0 16 16" role="img" aria-label={stars}>
      <path d={SHAPE} />
    </svg>
  );
}

/**
 * An amount of Stars: the sign, then the number.
 * @param look `column` aligns the digits of a column at the right; `back` strikes a refunded amount through
 */
export function Stars({ amount, look = '' }: { readonly amount: number; readonly look?: '' | 'column' | 'back' }) {
  const { number } = useFormat();
  const className = look === 'column' ? 'st acc' : look === 'back' ? 'st acc back' : 'st';
  return (
    <span className={className}>
      <StarSign />
      {number(amount)}
    </span>
  );
}
