import type { Schema } from '#libs/client';
import { Badge, type Tone } from '../../parts/badge';
import { useTexts } from '../../texts';
import { CONSOLE_TEXTS } from '../texts/console';

export type TenantState = Schema<'StaffTenantLine'>['state'];

const TONES: Readonly<Record<TenantState, Tone>> = {
  active: 'good',
  warned: 'warn',
  no_new_sales: 'warn',
  outbound_stopped: 'bad',
  locked: 'bad',
  closed: 'plain',
};

export function TenantStateBadge({ state }: { readonly state: TenantState }) {
  const { states } = useTexts(CONSOLE_TEXTS);
  return <Badge tone={TONES[state]}>{states[state]}</Badge>;
}
