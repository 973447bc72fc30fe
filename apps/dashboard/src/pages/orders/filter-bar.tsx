import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { botsQuery } from '../../api/everywhere';
import { Icon } from '../../parts/icon';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { SaveView } from '../../parts/saved-views';
import { ORDER_VIEWS } from './saved-views';
import { productsQuery } from '../products/queries';
import { DELIVERY_STATES, type OrderFilters, PAYMENT_STATES } from './filters';

type FilterName = 'bot_id' | 'product_id' | 'payment_state' | 'delivery_state';
const DAYS = ['from', 'until'] as const;

interface Choice {
  readonly value: string;
  readonly label: string;
}

function useChoices(): Readonly<Record<FilterName, readonly Choice[]>> {
  const texts = useTexts(ORDERS_TEXTS);
  const { data: bots = [] } = useQuery(botsQuery);
  const { data: products } = useInfiniteQuery(productsQuery);
  const loaded = products?.pages.flatMap(({ data }) => data) ?? [];
  return {
    bot_id: bots.map(({ id, name }) => ({ value: id, label: name })),
    product_id: loaded.map(({ id, title }) => ({ value: id, label: title })),
    payment_state: PAYMENT_STATES.map((state) => ({ value: state, label: texts.states[state] })),
    delivery_state: DELIVERY_STATES.map((state) => ({ value: state, label: texts.deliveryStates[state] })),
  };
}

/** The active filters, each with its name, its value and a button that removes it, and a menu that adds another. */
export function FilterBar({ filters }: { readonly filters: OrderFilters }) {
  const texts = useTexts(ORDERS_TEXTS);
  const navigate = useNavigate();
  const choices = useChoices();
  const show = (next: OrderFilters) => void navigate({ to: '/orders', search: next });
  const names = Object.keys(choices) as FilterName[];
  const change = (name: FilterName, value: string) => show({ ...filters, [name]: value });
  const without = (name: string) => Object.fromEntries(Object.entries(filters).filter(([one]) => one !== name));
  return (
    <div className="filters">
      {names.flatMap((name) => {
        const value = filters[name];
        if (value === undefined) return [];
        return (
          <span className="fb" key={name}>
            <span>{texts.filterNames[name]}</span>
            <select
              aria-label={texts.filterNames[name]}
              value={value}
              onChange={(event) => change(name, event.target.value)}
            >
              {choices[name].map((one) => (
                <option key={one.value} value={one.value}>
                  {one.label}
                </option>
              ))}
            </select>
            <button
              type="button"
              aria-label={texts.remove(texts.filterNames[name])}
              onClick={() => show(without(name))}
            >
              <Icon name="x" small />
            </button>
          </span>
        );
      })}
      {filters.buyer_telegram_id !== undefined && (
        <span className="fb">
          <span>{texts.buyer}</span>
          <span>{filters.buyer_telegram_id}</span>
          <button
            type="button"
            aria-label={texts.remove(texts.buyer)}
            onClick={() => show(without('buyer_telegram_id'))}
          >
            <Icon name="x" small />
          </button>
        </span>
      )}
      {DAYS.map((name) => (
        <label className="fb" key={name}>
          <span>{texts.days[name]}</span>
          <input
            type="date"
            value={filters[name] ?? ''}
            onChange={({ target }) => show(target.value === '' ? without(name) : { ...filters, [name]: target.value })}
          />
        </label>
      ))}
      <label className="fb add">
        <Icon name="plus" small />
        <span className="vh">{texts.filter}</span>
        <select
          value=""
          onChange={(event) => {
            const [name, value] = event.target.value.split(' ');
            if (name !== undefined && value !== undefined) change(name as FilterName, value);
          }}
        >
          <option value="">{texts.filter}</option>
          {names
            .filter((name) => filters[name] === undefined)
            .map((name) => (
              <optgroup key={name} label={texts.filterNames[name]}>
                {choices[name].map(({ value, label }) => (
                  <option key={value} value={`${name} ${value}`}>
                    {label}
                  </option>
                ))}
              </optgroup>
            ))}
        </select>
      </label>
      {Object.keys(filters).length > 0 && <SaveView list={ORDER_VIEWS} filters={filters} />}
    </div>
  );
}
