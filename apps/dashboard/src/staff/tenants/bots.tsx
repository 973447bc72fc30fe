import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Avatar } from '../../parts/avatar';
import { Badge, type Tone } from '../../parts/badge';
import { Button } from '../../parts/button';
import { IdChip } from '../../parts/id-chip';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { TENANTS_TEXTS } from '../texts/tenants';
import { releaseBot, stopBot, tenantChanged } from './queries';

type Tenant = Schema<'StaffTenant'>;
type Bot = Tenant['bots'][number];

const TONES: Readonly<Record<string, Tone>> = { active: 'good', token_invalid: 'bad' };
const RECONCILED: Readonly<Record<string, Tone>> = { failed: 'bad' };

/** The bots of a workspace, each with its kill switch. */
export function Bots({ tenant }: { readonly tenant: Tenant }) {
  const texts = useTexts(TENANTS_TEXTS);
  const { number } = useFormat();
  return (
    <section className="mt-6">
      <div className="sh">
        <h2>{texts.bots}</h2>
        <span className="count">{number(tenant.bots.length)}</span>
      </div>
      {tenant.bots.length === 0 && <p className="mut">{texts.noBots}</p>}
      <ul className="list">
        {tenant.bots.map((bot) => (
          <BotRow key={bot.bot_id} tenantId={tenant.id} bot={bot} />
        ))}
      </ul>
    </section>
  );
}

interface BotRowProps {
  readonly tenantId: string;
  readonly bot: Bot;
}

function BotRow({ tenantId, bot }: BotRowProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const { full } = useFormat();
  const can = useStaffCan();
  const [asking, setAsking] = useState(false);
  const { stopped, last_reconciliation: compared } = bot;
  const mayAct = can('tenants:restrict') && bot.state !== 'removed';
  return (
    <li className="plain-row">
      <Avatar name={bot.username} of="bot" />
      <div className="grow">
        <p className="row flex-wrap">
          <span className="m">@{bot.username}</span>
          <Badge tone={TONES[bot.state] ?? 'plain'}>{texts.botState(bot.state)}</Badge>
          {stopped !== null && <Badge tone="bad">{texts.stopped}</Badge>}
          {compared !== null && RECONCILED[compared.state] !== undefined && (
            <Badge tone={RECONCILED[compared.state] ?? 'plain'}>{texts.reconciled(compared.state)}</Badge>
          )}
        </p>
        <p className="sm dim">
          {stopped === null
            ? texts.comparedAt(typeof compared?.finished_at === 'string' ? full(compared.finished_at) : undefined)
            : texts.stoppedSince(full(stopped.since), stopped.reason)}
        </p>
      </div>
      <span className="hide-s">
        <IdChip id={bot.bot_id} />
      </span>
      {mayAct && (
        <Button
          size="small"
          {...(stopped === null ? ({ kind: 'danger-words' } as const) : {})}
          onClick={() => setAsking(true)}
        >
          {stopped === null ? texts.stop : texts.release}
        </Button>
      )}
      {asking && <SwitchDialog tenantId={tenantId} bot={bot} onClose={() => setAsking(false)} />}
    </li>
  );
}

function SwitchDialog({ tenantId, bot, onClose }: BotRowProps & { readonly onClose: () => void }) {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const id = bot.bot_id;
  const isStopped = bot.stopped !== null;
  return (
    <ReasonDialog
      title={isStopped ? acts.releaseTitle(bot.username) : acts.stopTitle(bot.username)}
      sentence={isStopped ? acts.releaseText : acts.stopText}
      effects={
        isStopped
          ? [{ icon: 'check', text: acts.releaseWaiting }]
          : [
              { icon: 'slash', text: acts.stopSales },
              { icon: 'pause', text: acts.stopOutbound },
              { icon: 'check', text: acts.stopOpen },
            ]
      }
      act={isStopped ? texts.release : texts.stop}
      isDangerous={!isStopped}
      save={async (reason) => {
        await (isStopped ? releaseBot(tenantId, id, reason) : stopBot(tenantId, id, reason));
        await tenantChanged(tenantId);
      }}
      done={isStopped ? acts.released : acts.stoppedNow}
      onClose={onClose}
    />
  );
}
