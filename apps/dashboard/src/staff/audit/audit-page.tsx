import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { saveAs } from '../../api/files';
import { Button } from '../../parts/button';
import { More } from '../../parts/more';
import { Page } from '../../parts/page';
import { Pick } from '../../parts/pick';
import { ProblemPage } from '../../parts/problem';
import { SearchBox } from '../../parts/search-box';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { AUDIT_TEXTS } from '../texts/audit';
import { AuditItem } from './audit-item';
import { type AuditFilters, auditQuery, exportAudit } from './queries';

/** The filter that an id belongs to: workspaces and actors have their own. */
function filterOf(id: string): AuditFilters {
  if (id === '') return {};
  return id.startsWith('ten_') ? { tenant_id: id } : { actor_id: id };
}

/** The audit log of all workspaces and of the staff. Read only. */
export function AuditPage() {
  const texts = useTexts(AUDIT_TEXTS);
  const filters: AuditFilters = useSearch({ from: '/staff/console/audit' });
  const query = useInfiniteQuery({ ...auditQuery(filters), placeholderData: keepPreviousData });
  const entries = query.data?.pages.flatMap(({ data }) => data);
  const exporting = useMutation({
    mutationFn: () => exportAudit(filters),
    onSuccess: (file) => saveAs(file, 'starwall_audit.ndjson'),
    onError: () => toast(texts.exportFailed),
  });
  return (
    <Page
      title={texts.title}
      actions={
        <Button icon="down2" busy={exporting.isPending} onClick={() => exporting.mutate()}>
          {texts.download}
        </Button>
      }
    >
      <Filters filters={filters} />
      {query.isError && entries === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton />}
      {entries?.length === 0 && <Empty title={texts.noneTitle} text={texts.noneText} />}
      <ul className="list">
        {entries?.map((entry) => (
          <AuditItem key={entry.id} entry={entry} />
        ))}
      </ul>
      <More query={query} />
    </Page>
  );
}

function Filters({ filters }: { readonly filters: AuditFilters }) {
  const texts = useTexts(AUDIT_TEXTS);
  const navigate = useNavigate();
  const { action, ...whose } = filters;
  const show = (next: AuditFilters) => void navigate({ to: '/staff/audit', search: next, replace: true });
  return (
    <div className="filters">
      <SearchBox
        label={texts.search}
        hint={texts.searchHint}
        value={whose.tenant_id ?? whose.actor_id ?? ''}
        onSearch={(id) => show({ ...filterOf(id), ...(action === undefined ? {} : { action }) })}
      />
      <Pick
        label={texts.action}
        value={action ?? ''}
        choices={[
          { value: '', label: texts.everyAction },
          ...Object.entries(texts.actions).map(([value, label]) => ({ value, label })),
        ]}
        onPick={(one) => show(one === '' ? whose : { ...whose, action: one })}
      />
    </div>
  );
}
