import type { Schema } from '#libs/client';
import { Stars } from '../../parts/stars';
import { useFormat } from '../../texts';

type Off = Pick<Schema<'PromoCode'>, 'percent_off' | 'stars_off'>;

/** A discount in percent or in Stars. */
export function Discount({ code: { percent_off: percent, stars_off: stars } }: { readonly code: Off }) {
  const format = useFormat();
  return percent === null ? <Stars amount={-(stars ?? 0)} /> : <span>{format.percent(-percent / 100)}</span>;
}
