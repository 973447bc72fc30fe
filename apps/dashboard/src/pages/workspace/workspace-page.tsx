import { useParams } from '@tanstack/react-router';
import { type Scope, useCan } from '../../api/rights';
import { Page } from '../../parts/page';
import { TabLinks } from '../../parts/tab-links';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useTexts } from '../../texts';
import { Alerts } from './alerts';
import { Audit } from './audit';
import { Ending } from './ending';
import { Plan } from './plan';
import { Security } from './security';
import { Team } from './team';
import { Telegram } from './telegram';

const TABS = ['team', 'security', 'alerts', 'telegram', 'plan', 'audit', 'data'] as const;
type Tab = (typeof TABS)[number];

const PARTS = {
  team: Team,
  security: Security,
  alerts: Alerts,
  telegram: Telegram,
  plan: Plan,
  audit: Audit,
  data: Ending,
};
const SCOPES: Readonly<Record<Tab, Scope>> = {
  team: 'members:read',
  security: 'self',
  alerts: 'endpoints:read',
  telegram: 'self',
  plan: 'usage:read',
  audit: 'audit:read',
  data: 'export:read',
};

/** The workspace's team, security, plan, audit log, and its export and end. */
export function WorkspacePage() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const can = useCan();
  const { tab } = useParams({ strict: false });
  const tabs = TABS.filter((one) => can(SCOPES[one]));
  const shown: Tab = tabs.find((one) => one === tab) ?? tabs[0] ?? 'security';
  const Part = PARTS[shown];
  return (
    <Page title={texts.title} width="read">
      <TabLinks
        label={texts.title}
        tabs={tabs}
        shown={shown}
        names={texts.tabs}
        linkTo={(one) => ({ to: '/workspace/$tab', params: { tab: one } })}
      />
      <Part />
    </Page>
  );
}
