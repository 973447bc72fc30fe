import { useQuery } from '@tanstack/react-query';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { OPERATIONS_TEXTS } from '../texts/operations';
import { type TroubleKind, troublesQuery } from './queries';
import { TroubleItem } from './trouble-item';

interface TroubleListProps {
  readonly kind: TroubleKind;
  readonly tenant: string | undefined;
}

/** The oldest items of one kind, below a description of the next step. */
export function TroubleList({ kind, tenant }: TroubleListProps) {
  const texts = useTexts(OPERATIONS_TEXTS);
  const { data, error, refetch } = useQuery(troublesQuery(kind, tenant));
  if (error !== null && data === undefined) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton />;
  const [first] = data.data;
  return (
    <section aria-label={texts.kinds[kind]}>
      <h2 className="title">{texts.kinds[kind]}</h2>
      {first === undefined ? (
        <p className="mut mt-2">{texts.noneOfKind}</p>
      ) : (
        <p className="mut mt-2 max-w-[70ch]">{texts.next(kind, first.next_step)}</p>
      )}
      <ul className="troubles mt-3">
        {data.data.map((trouble) => (
          <TroubleItem
            key={`${trouble.tenant_id} ${trouble.subject} ${trouble.bot_id ?? ''} ${trouble.detail}`}
            trouble={trouble}
          />
        ))}
      </ul>
      {data.has_more && <p className="sm dim pt-3">{texts.more}</p>}
    </section>
  );
}
