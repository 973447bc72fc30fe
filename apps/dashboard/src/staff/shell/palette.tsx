import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { type Hit, PaletteBox } from '../../parts/palette-box';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { tenantsFoundQuery } from '../tenants/queries';
import { CONSOLE_TEXTS } from '../texts/console';
import { useStaffPlaces } from './navigation';

const SHORTEST = 2;

function useHits(typed: string): readonly Hit[] {
  const texts = useTexts(CONSOLE_TEXTS);
  const navigate = useNavigate();
  const can = useStaffCan();
  const asked = useDeferredValue(typed.trim());
  const { data: found = [] } = useQuery({
    ...tenantsFoundQuery(asked),
    enabled: asked.length >= SHORTEST && can('tenants:read'),
  });
  const pages = useStaffPlaces()
    .filter(({ name }) => texts.places[name].toLowerCase().includes(typed.trim().toLowerCase()))
    .map(
      ({ name, to, icon, key }): Hit => ({
        key: name,
        icon,
        label: texts.places[name],
        end: `G ${key.toUpperCase()}`,
        open: () => void navigate({ to }),
      }),
    );
  const tenants = (asked.length < SHORTEST ? [] : found).map(
    ({ id, name, state }): Hit => ({
      key: id,
      icon: 'team',
      label: name,
      end: texts.states[state],
      open: () => void navigate({ to: '/staff/tenants/$id', params: { id } }),
    }),
  );
  return [...tenants, ...pages];
}

/** Jumps to any page, or to a workspace by its name, bot, email address or id. */
export const StaffPalette = ({ onClose }: { readonly onClose: () => void }) => {
  const texts = useTexts(CONSOLE_TEXTS);
  const [typed, setTyped] = useState('');
  const hits = useHits(typed);
  const words = { label: texts.searchLabel, hint: texts.searchHint };
  return <PaletteBox {...words} typed={typed} hits={hits} onType={setTyped} onClose={onClose} />;
};
