import { Link } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { Coin } from '../../parts/coin';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { useActionName, useActorName } from '../audit/names';
import { AUDIT_TEXTS } from '../texts/audit';
import { TENANTS_TEXTS } from '../texts/tenants';

/** The latest entries of the workspace's audit log. */
export function AuditTail({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const texts = useTexts(TENANTS_TEXTS);
  const { outcomes } = useTexts(AUDIT_TEXTS);
  const can = useStaffCan();
  const actionName = useActionName();
  const actorName = useActorName(tenant.members);
  return (
    <section className="mt-6">
      <div className="sh">
        <h2>{texts.audit}</h2>
        {can('audit:read') && (
          <Link className="more" to="/staff/audit" search={{ tenant_id: tenant.id }}>
            {texts.all}
          </Link>
        )}
      </div>
      {tenant.audit.length === 0 && <p className="mut">{texts.noAudit}</p>}
      <ol className="tl">
        {tenant.audit.map((entry) => (
          <li key={entry.id}>
            <Coin name={entry.outcome === 'refused' ? 'cancelled' : 'msg'} />
            <div className="min-w-0">
              <b>{actionName(entry.action)}</b>
              <p>
                {actorName(entry.actor)}
                {entry.outcome !== 'done' && `. ${outcomes[entry.outcome]}`}
                {entry.reason !== null && `. “${entry.reason}”`}
              </p>
            </div>
            <Time at={entry.created_at} />
          </li>
        ))}
      </ol>
    </section>
  );
}
