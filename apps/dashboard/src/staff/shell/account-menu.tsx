import { Menu } from '@base-ui/react/menu';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, Suspense, useState } from 'react';
import { Icon } from '../../parts/icon';
import { lazyPart } from '../../parts/lazy-part';
import { Preferences } from '../../shell/preferences';
import { useTexts } from '../../texts';
import { SHELL_TEXTS } from '../../texts/shell';
import { staffSession } from '../api/session';
import { CONSOLE_TEXTS } from '../texts/console';
import type { StaffPlace } from './navigation';

const ChangePassword = lazyPart(() => import('./change-password'), 'ChangePassword');

interface StaffMenuProps {
  readonly className: string;
  /** Pages that are listed nowhere else. */
  readonly places?: readonly StaffPlace[];
  readonly children: ReactNode;
}

/** Theme, language, changing the password, and signing out. */
export const StaffMenu = ({ className, places = [], children }: StaffMenuProps) => {
  const texts = useTexts(SHELL_TEXTS);
  const { places: names, changePassword, console: label } = useTexts(CONSOLE_TEXTS);
  const [changing, setChanging] = useState(false);
  const leaving = useMutation({ mutationFn: () => staffSession.signOut() });
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className={className}>{children}</Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="z-40" side="top" align="start" sideOffset={8}>
            <Menu.Popup className="menu" aria-label={label}>
              {places.map(({ name, to, icon }) => (
                <Menu.Item key={name} className="item" render={<Link to={to} />}>
                  <Icon name={icon} />
                  <span className="grow">{names[name]}</span>
                </Menu.Item>
              ))}
              {places.length > 0 && <Menu.Separator className="rule" />}
              <Preferences />
              <Menu.Separator className="rule" />
              <Menu.Item className="item" onClick={() => setChanging(true)}>
                {changePassword}
              </Menu.Item>
              <Menu.Item className="item" onClick={() => leaving.mutate()}>
                {texts.signOut}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Suspense>{changing && <ChangePassword onClose={() => setChanging(false)} />}</Suspense>
    </>
  );
};
