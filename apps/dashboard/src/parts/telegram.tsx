import type { ReactNode } from 'react';
import { useFormat, useTexts } from '../texts';
import { PRODUCTS_TEXTS } from '../texts/products';
import { Icon } from './icon';
import { Stars } from './stars';

interface CardProps {
  readonly title: string;
  readonly description: string;
  readonly stars: number;
  readonly at?: string;
  readonly paid?: boolean;
  /** Address of the photo on the card. */
  readonly picture?: string | undefined;
}

/** The chat, as Telegram draws it. Nothing else in the dashboard looks like this. */
export const Chat = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="tg" role="group" aria-label={label}>
    {children}
  </div>
);

/** An invoice, as the buyer sees it before and after paying. */
export function InvoiceCard({ title, description, stars, at, paid = false, picture }: CardProps) {
  const { clock } = useFormat();
  const texts = useTexts(PRODUCTS_TEXTS);
  return (
    <>
      <div className="bub inv">
        {picture !== undefined && <img className="pic" src={picture} alt="" />}
        <div className="tx">
          <p className="name">{title || texts.titleOfYours}</p>
          <p>{description || texts.promiseOfYours}</p>
          <div className="price">
            <Stars amount={stars} />
            <time>{clock(at ?? new Date().toISOString())}</time>
          </div>
        </div>
      </div>
      <div className="tgk">
        {paid ? (
          <>
            <Icon name="check" small />
            {texts.receipt}
          </>
        ) : (
          <>
            {texts.pay} <Stars amount={stars} />
          </>
        )}
      </div>
    </>
  );
}
