import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../parts/button';
import { More } from '../../parts/more';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACCOUNTS_TEXTS } from '../texts/accounts';
import { AccountRow } from './account-row';
import { AddAccount } from './add-account';
import { accountsQuery, ROLES } from './queries';

/** The people who run the platform, and what each role may do. */
export function AccountsPage() {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const { roles } = useTexts(CONSOLE_TEXTS);
  const can = useStaffCan();
  const [adding, setAdding] = useState(false);
  const query = useInfiniteQuery(accountsQuery);
  const members = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Page
      title={texts.title}
      width="read"
      actions={
        can('staff:write') && (
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        )
      }
    >
      {query.isError && members === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton />}
      <ul>
        {members?.map((member) => (
          <AccountRow key={member.id} member={member} />
        ))}
      </ul>
      <More query={query} />
      <section className="sec">
        <div className="sh">
          <h2>{texts.rolesTitle}</h2>
        </div>
        <dl className="kv">
          {ROLES.map((role) => (
            <div key={role} className="contents">
              <dt>{roles[role]}</dt>
              <dd>{texts.roleMay[role]}</dd>
            </div>
          ))}
        </dl>
      </section>
      {adding && <AddAccount onClose={() => setAdding(false)} />}
    </Page>
  );
}
