import type { Schema } from '#libs/client';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { useColleague } from '../api/me';
import { CONSOLE_TEXTS } from '../texts/console';
import { TENANTS_TEXTS } from '../texts/tenants';

interface RecordProps {
  readonly tenant: Schema<'StaffTenant'>;
}

/** Notes of staff for staff. */
export function Notes({ tenant }: RecordProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const { someone } = useTexts(CONSOLE_TEXTS);
  const colleague = useColleague();
  if (tenant.notes.length === 0) return null;
  return (
    <section className="sec mt-4 pt-4">
      <div className="sh">
        <h2>{texts.notes}</h2>
        <span className="more">{texts.onlyStaff}</span>
      </div>
      <ul className="grid gap-3">
        {tenant.notes.map(({ staff_id: id, note, at }) => (
          <li key={`${id} ${at}`}>
            <p className="sm wrap-anywhere">{note}</p>
            <p className="xs dim">
              {colleague(id) ?? someone}, <Time at={at} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Restrictions and their lifting, latest first. */
export function History({ tenant }: RecordProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const { someone, states } = useTexts(CONSOLE_TEXTS);
  const colleague = useColleague();
  if (tenant.history.length === 0) return null;
  return (
    <section className="sec mt-4 pt-4">
      <div className="sh">
        <h2>{texts.history}</h2>
      </div>
      <ul className="grid gap-3">
        {tenant.history.map(({ from, to, reason, staff_id: id, at }) => (
          <li key={at}>
            <p className="sm">
              {states[from]} → <span className="m">{states[to]}</span>
            </p>
            {reason !== null && <p className="sm mut wrap-anywhere">“{reason}”</p>}
            <p className="xs dim">
              {(id === null ? undefined : colleague(id)) ?? someone}, <Time at={at} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
