import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { answered, type Schema } from '#libs/client';
import { api } from '../api/client';
import { useCan } from '../api/rights';
import { type Hit, PaletteBox } from '../parts/palette-box';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { usePlaces } from './places';

const SHORTEST = 2;

const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: async () => (await answered(api.GET('/v1/search', { params: { query: { q } } }))).data,
    placeholderData: keepPreviousData,
    // The API refuses half an id, which means that there is no result yet.
    retry: false,
  });

function useHits(typed: string): readonly Hit[] {
  const texts = useTexts(SHELL_TEXTS);
  const navigate = useNavigate();
  const asked = useDeferredValue(typed.trim());
  const can = useCan();
  const { data: found = [] } = useQuery({
    ...searchQuery(asked),
    enabled: asked.length >= SHORTEST && can('support:read'),
  });
  const pages = usePlaces()
    .filter(({ name }) => texts[name].toLowerCase().includes(typed.trim().toLowerCase()))
    .map(
      ({ name, to, icon, key }): Hit => ({
        key: name,
        icon,
        label: texts[name],
        end: `G ${key.toUpperCase()}`,
        open: () => void navigate({ to }),
      }),
    );
  const orderOf = (result: Schema<'SearchResult'>) =>
    result.kind === 'order' ? result.id : result.kind === 'charge' ? result.order_id : null;
  const results = (asked.length < SHORTEST ? [] : found).flatMap((result): Hit[] => {
    const id = orderOf(result);
    if (result.kind === 'buyer') {
      const buyer = result.telegram_id;
      const label = [result.first_name, result.last_name].filter(Boolean).join(' ') || `@${result.username ?? buyer}`;
      const open = () => void navigate({ to: '/buyers/$id', params: { id: String(buyer) } });
      return [{ key: `buyer ${buyer} ${result.bot_id}`, icon: 'buyers', label, end: texts.buyer, open }];
    }
    if (id === null) return [];
    const open = () => void navigate({ to: '/orders/$id', params: { id } });
    const isOrder = result.kind === 'order';
    return [{ key: result.id, icon: 'orders', label: result.id, end: isOrder ? texts.order : texts.charge, open }];
  });
  return [...results, ...pages];
}

/** Opens any page with two keystrokes, and any object by its id. */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const texts = useTexts(SHELL_TEXTS);
  const [typed, setTyped] = useState('');
  const hits = useHits(typed);
  const words = { label: texts.paletteLabel, hint: texts.paletteHint };
  return <PaletteBox {...words} typed={typed} hits={hits} onType={setTyped} onClose={onClose} />;
};
