import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
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

const AccountMenu = lazyPart(() => import('./account-menu'), 'AccountMenu');

function Places({ group }: { readonly group: Place['group'] }) {
  const texts = useTexts(SHELL_TEXTS);
  return usePlaces()
    .filter((place) => place.group === group)
    .map(({ name, to, icon }) => (
      <Link key={name} to={to} title={texts[name]} activeOptions={{ exact: to === '/' }}>
        <Icon name={icon} />
        <span>{texts[name]}</span>
      </Link>
    ));
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
          <Places group="main" />
        </nav>
        <nav className="nav" aria-label={texts.setUp}>
          <span className="cap">{texts.setUp}</span>
          <Places group="setUp" />
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

/** The navigation on a phone. The account and the other places are behind the last tab. */
export function Tabs() {
  const places = usePlaces();
  const texts = useTexts(SHELL_TEXTS);
  return (
    <nav className="tabs" aria-label={texts.mainNavigation}>
      {places
        .filter(({ tab }) => tab)
        .map(({ name, to, icon }) => (
          <Link key={name} to={to} activeOptions={{ exact: to === '/' }}>
            <Icon name={icon} />
            <span>{texts[name]}</span>
          </Link>
        ))}
      <Suspense fallback={<span />}>
        <AccountMenu className="tab" places={places.filter(({ tab }) => tab !== true)}>
          <Icon name="menu" />
          <span>{texts.more}</span>
        </AccountMenu>
      </Suspense>
    </nav>
  );
}
