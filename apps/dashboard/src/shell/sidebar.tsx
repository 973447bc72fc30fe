import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../api/everywhere';
import { lazyPart } from '../parts/lazy-part';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import type { Place } from './navigation';
import { usePlaces } from './places';
import { AccountLine, Side } from './side';
import { SideLinks, TabBar } from './tab-bar';

const AccountMenu = lazyPart(() => import('./account-menu'), 'AccountMenu');

function useTargets() {
  const texts = useTexts(SHELL_TEXTS);
  return usePlaces().map((place) => ({ ...place, label: texts[place.name] }));
}

export function Sidebar({ onSearch }: { readonly onSearch: () => void }) {
  const targets = useTargets();
  const inGroup = (group: Place['group']) => targets.filter((target) => target.group === group);
  const { data: me } = useSuspenseQuery(meQuery);
  const texts = useTexts(SHELL_TEXTS);
  const line = <AccountLine email={me.email} role={texts.roles[me.role]} />;
  const account = <AccountMenu className="account">{line}</AccountMenu>;
  return (
    <Side label={texts.account} title={me.tenant.name} onSearch={onSearch} account={account} accountLine={line}>
      <nav className="nav" aria-label={texts.mainNavigation}>
        <SideLinks targets={inGroup('main')} />
      </nav>
      <nav className="nav" aria-label={texts.setUp}>
        <span className="cap">{texts.setUp}</span>
        <SideLinks targets={inGroup('setUp')} />
      </nav>
    </Side>
  );
}

export function Tabs() {
  const targets = useTargets();
  return (
    <TabBar
      targets={targets.filter(({ tab }) => tab)}
      menu={(tab) => (
        <AccountMenu className="tab" places={targets.filter(({ tab: isTab }) => isTab !== true)}>
          {tab}
        </AccountMenu>
      )}
    />
  );
}
