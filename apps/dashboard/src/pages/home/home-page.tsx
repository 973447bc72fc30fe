import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { botsQuery } from '../../api/everywhere';
import { LiveMark } from '../../parts/live-mark';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { HOME_TEXTS } from '../../texts/home';
import { ConfirmNotice } from '../account/confirm-notice';
import { ordersQuery } from '../orders/queries';
import { productsQuery } from '../products/queries';
import { Figures } from './figures';
import { FirstSale } from './first-sale';

/** Shows a checklist before the first sale, and figures after it. */
export function HomePage() {
  const texts = useTexts(HOME_TEXTS);
  const orders = useInfiniteQuery(ordersQuery({ payment_state: 'paid' }, 1));
  const isFound = ({ data }: typeof orders) => (data?.pages[0]?.data.length ?? 0) > 0;
  // Looking for a refund reads every order of a shop that has none.
  const hasNonePaid = orders.data !== undefined && !isFound(orders);
  const everOrdered = useInfiniteQuery({ ...ordersQuery({ payment_state: 'refunded' }, 1), enabled: hasNonePaid });
  const bots = useQuery(botsQuery);
  const products = useInfiniteQuery(productsQuery);
  const error = orders.error ?? everOrdered.error ?? bots.error ?? products.error;
  const hasSold = [orders, everOrdered].some(isFound);
  const needed = hasNonePaid ? [orders, everOrdered, bots, products] : [orders, bots, products];
  const isKnown = needed.every((query) => query.data !== undefined);
  const retry = () => {
    for (const query of [orders, everOrdered, bots, products]) if (query.isError) void query.refetch();
  };
  const product = products.data?.pages[0]?.data.find(({ state }) => state === 'active');
  return (
    <Page title={texts.title} beside={<LiveMark />} width={hasSold ? 'wide' : 'read'}>
      <ConfirmNotice />
      {!isKnown && error !== null && <ProblemPage error={error} retry={retry} />}
      {!isKnown && error === null && <Skeleton />}
      {isKnown && (hasSold ? <Figures /> : <FirstSale bot={bots.data?.[0]} product={product} />)}
    </Page>
  );
}
