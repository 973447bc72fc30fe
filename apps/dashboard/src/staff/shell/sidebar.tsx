import { useSuspenseQuery } from '@tanstack/react-query';
import { lazyPart } from '../../parts/lazy-part';
import { AccountLine, Side } from '../../shell/side';
import { SideLinks, TabBar } from '../../shell/tab-bar';
import { useTexts } from '../../texts';
import { SHELL_TEXTS } from '../../texts/shell';
import { staffMeQuery } from '../api/me';
import { CONSOLE_TEXTS } from '../texts/console';
import { useStaffPlaces } from './navigation';

const StaffMenu = lazyPart(() => import('./account-menu'), 'StaffMenu');

function useTargets() {
  const { places } = useTexts(CONSOLE_TEXTS);
  return useStaffPlaces().map((place) => ({ ...place, label: places[place.name] }));
}

/** The sidebar, dark in both themes as a reminder that this is other people's data. */
export function StaffSidebar({ onSearch }: { readonly onSearch: () => void }) {
  const targets = useTargets();
  const { data: me } = useSuspenseQuery(staffMeQuery);
  const { mainNavigation } = useTexts(SHELL_TEXTS);
  const { console: name, roles } = useTexts(CONSOLE_TEXTS);
  const line = <AccountLine email={me.email} role={roles[me.role]} />;
  const account = <StaffMenu className="account">{line}</StaffMenu>;
  return (
    <Side label={name} title={name} onSearch={onSearch} account={account} accountLine={line}>
      <nav className="nav" aria-label={mainNavigation}>
        <SideLinks targets={targets} />
      </nav>
    </Side>
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
