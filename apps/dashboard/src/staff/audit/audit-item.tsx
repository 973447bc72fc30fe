import { Link } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { Coin } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { AUDIT_TEXTS } from '../texts/audit';
import { useActionName, useActorName } from './names';

const COINS = { done: 'delivered', refused: 'cancelled', begun: 'delivering' } as const;

export function AuditItem({ entry }: { readonly entry: Schema<'AuditEntry'> }) {
  const texts = useTexts(AUDIT_TEXTS);
  const actionName = useActionName();
  const actorName = useActorName();
  const tenant = entry.tenant_id;
  const others = entry.targets.filter(({ id }) => id !== tenant);
  return (
    <li className="li items-start">
      <span className="pt-0.5">
        <Coin name={COINS[entry.outcome]} />
      </span>
      <div className="grow min-w-0">
        <p className="m">{actionName(entry.action)}</p>
        <p className="sm mut wrap-anywhere">
          {actorName(entry.actor)}
          {entry.via !== 'staff' && `, ${texts.via[entry.via]}`}
          {entry.outcome !== 'done' && `. ${texts.outcomes[entry.outcome]}`}
          {entry.reason !== null && `. “${entry.reason}”`}
        </p>
        <p className="row sm dim flex-wrap">
          {tenant !== null && (
            <>
              <Link className="link" to="/staff/tenants/$id" params={{ id: tenant }}>
                {texts.workspace}
              </Link>
              <IdChip id={tenant} />
            </>
          )}
          {others.map(({ id }) => (
            <IdChip key={id} id={id} />
          ))}
          {entry.network !== null && <span>{entry.network}</span>}
        </p>
      </div>
      <span className="sm dim nw">
        <Time at={entry.created_at} />
      </span>
    </li>
  );
}
