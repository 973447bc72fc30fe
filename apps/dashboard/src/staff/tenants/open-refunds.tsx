import type { Schema } from '#libs/client';
import { Coin } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Stars } from '../../parts/stars';
import { Time } from '../../parts/time';
import { useFormat, useTexts } from '../../texts';
import { TENANTS_TEXTS } from '../texts/tenants';

/** Refunds that Telegram has not confirmed yet, oldest first. */
export function OpenRefunds({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const texts = useTexts(TENANTS_TEXTS);
  const { number } = useFormat();
  const { count, oldest } = tenant.open_refunds;
  if (count === 0) return null;
  return (
    <section className="mt-6">
      <div className="sh">
        <h2>{texts.openRefunds}</h2>
        <span className="count">{number(count)}</span>
      </div>
      <ul className="list">
        {oldest.map((refund) => (
          <li key={refund.refund_id} className="li items-start">
            <span className="pt-0.5">
              <Coin name="refunded" />
            </span>
            <div className="grow">
              <p className="row flex-wrap">
                <Stars amount={refund.stars} />
                <span className="mut">{texts.refundState(refund.state)}</span>
              </p>
              <p className="row flex-wrap">
                <IdChip id={refund.refund_id} />
                {refund.order_id !== null && <IdChip id={refund.order_id} />}
                {refund.buyer_telegram_id !== null && (
                  <span className="sm dim">{texts.buyer(String(refund.buyer_telegram_id))}</span>
                )}
              </p>
            </div>
            <span className="sm dim nw">
              <Time at={refund.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
