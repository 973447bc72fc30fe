import { Link } from '@tanstack/react-router';
import { SAME, ViewTabs } from '../../parts/saved-views';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { type OrderFilters, VIEWS } from './filters';
import { ORDER_VIEWS } from './saved-views';

/** Predefined and saved views of orders. */
export function Views({ filters }: { readonly filters: OrderFilters }) {
  const texts = useTexts(ORDERS_TEXTS);
  return (
    <ViewTabs label={texts.views} list={ORDER_VIEWS} filters={filters}>
      {VIEWS.map((view) => (
        <Link key={view.name} to="/orders" search={view.filters} className="view" activeOptions={SAME}>
          {texts[view.name]}
        </Link>
      ))}
    </ViewTabs>
  );
}
