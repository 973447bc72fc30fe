import { useSuspenseQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { meQuery } from '../api/everywhere';
import { Avatar } from '../parts/avatar';
import { Icon } from '../parts/icon';
import { lazyPart } from '../parts/lazy-part';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { Logo } from './logo';
import type { Place } from './navigation';
import { usePlaces } from './places';
import { SideLinks, TabBar } from './tab-bar';

const AccountMenu = lazyPart(() => import('./account-menu'), 'AccountMenu');

function useTargets() {
  const texts = useTexts(SHELL_TEXTS);
  return usePlaces().map((place) => ({ ...place, label: texts[place.name] }));
}

/** The placeholder of the account menu while that is loading. */
function Account() {
  const { data: me } = useSuspenseQuery(meQuery);
  const texts = useTexts(SHELL_TEXTS);
  return (
    <>
      <Avatar name={me.email} of="person" />
      <span className="grow cut lb text-left">{me.email}</span>
      <span className="count lb">{texts.roles[me.role]}</span>
    </>
  );
}

export function Sidebar({ onSearch }: { readonly onSearch: () => void }) {
  const targets = useTargets();
  const inGroup = (group: Place['group']) => targets.filter((target) => target.group === group);
  const { data: me } = useSuspenseQuery(meQuery);
  const texts = useTexts(SHELL_TEXTS);
  const onMac = navigator.userAgent.includes('Mac');
  return (
    <aside className="side" aria-label={texts.account}>
      <div className="side-in">
        <div className="ws" title={me.tenant.name}>
          <Logo />
          <span className="lb m cut grow">{me.tenant.name}</span>
        </div>
        <button type="button" className="find" title={texts.search} onClick={onSearch}>
          <Icon name="search" />
          <span className="lb grow">{texts.search}</span>
          <kbd aria-hidden="true">{onMac ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <nav className="nav" aria-label={texts.mainNavigation}>
          <SideLinks targets={inGroup('main')} />
        </nav>
        <nav className="nav" aria-label={texts.setUp}>
          <span className="cap">{texts.setUp}</span>
          <SideLinks targets={inGroup('setUp')} />
        </nav>
        <div className="foot nav">
          <Suspense fallback={<Account />}>
            <AccountMenu className="account">
              <Account />
            </AccountMenu>
          </Suspense>
        </div>
      </div>
    </aside>
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
