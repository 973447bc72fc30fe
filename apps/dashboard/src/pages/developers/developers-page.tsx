import { useParams } from '@tanstack/react-router';
import { OutLink } from '../../parts/button';
import { Page } from '../../parts/page';
import { TabLinks } from '../../parts/tab-links';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useTexts } from '../../texts';
import { useCan } from '../../api/rights';
import { Endpoints } from './endpoints';
import { Events } from './events';
import { Keys } from './keys';
import '../../styles/developers.css';

const TABS = ['keys', 'endpoints', 'events'] as const;
type Tab = (typeof TABS)[number];
const PARTS = { keys: Keys, endpoints: Endpoints, events: Events };

/** Keys, endpoints and events: what programs need. */
export function DevelopersPage() {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const can = useCan();
  const { tab } = useParams({ strict: false });
  const tabs = TABS.filter((one) => one !== 'keys' || can('keys:read'));
  const shown: Tab = tabs.find((one) => one === tab) ?? tabs[0] ?? 'endpoints';
  const Part = PARTS[shown];
  return (
    <Page title={texts.title} actions={<OutLink href="/docs">{texts.reference}</OutLink>}>
      <TabLinks
        label={texts.title}
        tabs={tabs}
        shown={shown}
        names={texts.tabs}
        linkTo={(one) => ({ to: '/developers/$tab', params: { tab: one } })}
      />
      <Part />
    </Page>
  );
}
