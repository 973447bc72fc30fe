import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button, IconButton } from '../../parts/button';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { TenantStateBadge } from '../parts/tenant-state';
import { TENANTS_TEXTS } from '../texts/tenants';
import { AuditTail } from './audit-tail';
import { Bots } from './bots';
import { Closing } from './closing';
import { ExportButton } from './export-button';
import { LookInside } from './look-inside';
import { OpenRefunds } from './open-refunds';
import { People } from './people';
import { Plan } from './plan';
import { tenantQuery } from './queries';
import { History, Notes } from './records';
import { Restriction } from './restriction';
import { Rights } from './rights';
import { Stuck } from './stuck';
import { TenantFacts } from './tenant-facts';

/** Everything about one workspace on one page, and every action that staff may take on it. */
export function TenantPage() {
  const { id } = useParams({ from: '/staff/console/tenants/$id' });
  const texts = useTexts(TENANTS_TEXTS);
  const { data: tenant, error, refetch } = useQuery(tenantQuery(id));
  const back = { to: '/staff/tenants', label: texts.back } as const;
  if (tenant !== undefined) return <Loaded tenant={tenant} />;
  return (
    <Page title={texts.one} back={back} width="wide">
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Loaded({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const texts = useTexts(TENANTS_TEXTS);
  const can = useStaffCan();
  const [looking, setLooking] = useState(false);
  const look = () => setLooking(true);
  return (
    <Page
      title={tenant.name}
      back={{ to: '/staff/tenants', label: texts.back }}
      beside={
        <>
          <span className="hide-s">
            <IdChip id={tenant.id} chip />
          </span>
          <TenantStateBadge state={tenant.state} />
        </>
      }
      actions={
        <>
          {can('tenants:close') && <ExportButton tenantId={tenant.id} />}
          {can('tenants:impersonate') && (
            <>
              <Button icon="eye" className="hide-s" onClick={look}>
                {texts.look}
              </Button>
              <IconButton icon="eye" className="only-s" label={texts.look} onClick={look} />
            </>
          )}
        </>
      }
      width="wide"
    >
      <TenantFacts tenant={tenant} />
      <Closing tenant={tenant} />
      <Restriction tenant={tenant} />
      <div className="c2 sec">
        <div>
          <Stuck tenantId={tenant.id} />
          <OpenRefunds tenant={tenant} />
          <Bots tenant={tenant} />
          <AuditTail tenant={tenant} />
        </div>
        <aside aria-label={texts.about}>
          <Plan tenantId={tenant.id} />
          <People tenant={tenant} />
          <Notes tenant={tenant} />
          <History tenant={tenant} />
          <Rights tenant={tenant} />
        </aside>
      </div>
      {looking && <LookInside tenant={tenant} onClose={() => setLooking(false)} />}
    </Page>
  );
}
