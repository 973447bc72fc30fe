import { Menu } from '@base-ui/react/menu';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../parts/lazy-part';
import { type AccountMenuProps, MenuFrame } from '../../shell/menu-frame';
import { Preferences } from '../../shell/preferences';
import { useTexts } from '../../texts';
import { staffSession } from '../api/session';
import { CONSOLE_TEXTS } from '../texts/console';

const ChangePassword = lazyPart(() => import('./change-password'), 'ChangePassword');

/** Theme, language, changing the password, and signing out. */
export function StaffMenu(props: AccountMenuProps) {
  const { changePassword, console: label } = useTexts(CONSOLE_TEXTS);
  const [changing, setChanging] = useState(false);
  const items = (
    <>
      <Preferences />
      <Menu.Separator className="rule" />
      <Menu.Item className="item" onClick={() => setChanging(true)}>
        {changePassword}
      </Menu.Item>
    </>
  );
  return (
    <>
      <MenuFrame {...props} label={label} items={items} signOut={() => staffSession.signOut()} />
      <Suspense>{changing && <ChangePassword onClose={() => setChanging(false)} />}</Suspense>
    </>
  );
}
