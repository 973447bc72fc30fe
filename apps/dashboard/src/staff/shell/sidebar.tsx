import { useSuspenseQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Avatar } from '../../parts/avatar';
import { Icon } from '../../parts/icon';
import { lazyPart } from '../../parts/lazy-part';
import { Logo } from '../../shell/logo';
import { useTexts } from '../../texts';
import { SHELL_TEXTS } from '../../texts/shell';
import { staffMeQuery } from '../api/me';
import { CONSOLE_TEXTS } from '../texts/console';
import { SideLinks, TabBar } from '../../shell/tab-bar';
import { useStaffPlaces } from './navigation';

const StaffMenu = lazyPart(() => import('./account-menu'), 'StaffMenu');

function useTargets() {
  const { places } = useTexts(CONSOLE_TEXTS);
  return useStaffPlaces().map((place) => ({ ...place, label: places[place.name] }));
}

/** The placeholder of the account menu while that is loading. */
function Account() {
  const { data: me } = useSuspenseQuery(staffMeQuery);
  const { roles } = useTexts(CONSOLE_TEXTS);
  return (
    <>
      <Avatar name={me.email} of="person" />
      <span className="grow cut lb text-left">{me.email}</span>
      <span className="count lb">{roles[me.role]}</span>
    </>
  );
}

/** The sidebar, dark in both themes as a reminder that this is other people's data. */
export function StaffSidebar({ onSearch }: { readonly onSearch: () => void }) {
  const targets = useTargets();
  const texts = useTexts(SHELL_TEXTS);
  const { console: name } = useTexts(CONSOLE_TEXTS);
  const onMac = navigator.userAgent.includes('Mac');
  return (
    <aside className="side" aria-label={name}>
      <div className="side-in">
        <div className="ws" title={name}>
          <Logo />
          <span className="lb m cut grow">{name}</span>
        </div>
        <button type="button" className="find" title={texts.search} onClick={onSearch}>
          <Icon name="search" />
          <span className="lb grow">{texts.search}</span>
          <kbd aria-hidden="true">{onMac ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <nav className="nav" aria-label={texts.mainNavigation}>
          <SideLinks targets={targets} />
        </nav>
        <div className="foot nav">
          <Suspense fallback={<Account />}>
            <StaffMenu className="account">
              <Account />
            </StaffMenu>
          </Suspense>
        </div>
      </div>
    </aside>
  );
}

export function StaffTabs() {
  const targets = useTargets();
  return (
    <TabBar
      targets={targets.filter(({ tab }) => tab)}
      menu={(tab) => (
        <StaffMenu className="tab" places={targets.filter(({ tab: isTab }) => isTab !== true)}>
          {tab}
        </StaffMenu>
      )}
    />
  );
}
