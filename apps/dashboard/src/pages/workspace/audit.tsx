import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { saveAs } from '../../api/files';
import { Button } from '../../parts/button';
import { Coin, type CoinName } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { More } from '../../parts/more';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { ACTION_TEXTS } from '../../texts/audit-actions';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useTexts } from '../../texts';
import { auditFile, auditQuery } from './queries';

/** The audit log: who did what, latest first. */
export function Audit() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const query = useInfiniteQuery(auditQuery);
  const saving = useMutation({ mutationFn: auditFile, onSuccess: (file) => saveAs(file, 'audit-log.ndjson') });
  const entries = query.data?.pages.flatMap(({ data }) => data);
  if (query.isError && entries === undefined)
    return <ProblemPage error={query.error} retry={() => void query.refetch()} />;
  if (entries === undefined) return <Skeleton />;
  return (
    <section className="pt-4">
      <div className="sh">
        <p className="mut grow">{texts.auditText}</p>
        <Button size="small" icon="down2" busy={saving.isPending} onClick={() => saving.mutate()}>
          {texts.downloadLog}
        </Button>
      </div>
      {saving.isError && <ProblemNote error={saving.error} />}
      <ul className="list">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      <More query={query} />
    </section>
  );
}

const COINS: Readonly<Record<Schema<'AuditEntry'>['outcome'], CoinName>> = {
  done: 'delivered',
  refused: 'cancelled',
  begun: 'delivering',
};

/** Formats an action that is not a member's, such as `staff_plans_change`, as "staff plans: change". */
const wordsOf = (action: string) => action.replace(/_([^_]+)$/, ': $1').replaceAll('_', ' ');

function Entry({ entry }: { readonly entry: Schema<'AuditEntry'> }) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const actions = useTexts(ACTION_TEXTS);
  return (
    <li className="li items-start">
      <span className="pt-0.5">
        <Coin name={COINS[entry.outcome]} />
      </span>
      <span className="grow min-w-0">
        <span className="m block">{actions[entry.action] ?? wordsOf(entry.action)}</span>
        <span className="sm dim">
          {texts.outcomes[entry.outcome]}, {texts.via[entry.via]}
          {entry.network !== null && `, ${entry.network}`}
        </span>
        {entry.reason !== null && <span className="sm mut block">{entry.reason}</span>}
        {entry.targets.length > 0 && (
          <span className="row flex-wrap">
            {entry.targets.map(({ id }) => (
              <IdChip key={id} id={id} />
            ))}
          </span>
        )}
      </span>
      <span className="sm dim nw">
        <Time at={entry.created_at} />
      </span>
    </li>
  );
}
