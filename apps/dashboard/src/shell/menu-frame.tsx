import { Menu } from '@base-ui/react/menu';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import type { Target } from './tab-bar';

export interface AccountMenuProps {
  readonly className: string;
  /** Pages that are listed nowhere else. */
  readonly places?: readonly Target[];
  /** The content of the button that opens the menu. */
  readonly children: ReactNode;
}

interface MenuFrameProps extends AccountMenuProps {
  readonly label: string;
  readonly items: ReactNode;
  readonly signOut: () => Promise<unknown>;
}

/** The menu of an account: places, its own items, and signing out. */
export function MenuFrame({ className, label, places = [], children, items, signOut }: MenuFrameProps) {
  const texts = useTexts(SHELL_TEXTS);
  const leaving = useMutation({ mutationFn: signOut });
  return (
    <Menu.Root>
      <Menu.Trigger className={className}>{children}</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-40" side="top" align="start" sideOffset={8}>
          <Menu.Popup className="menu" aria-label={label}>
            {places.map(({ to, icon, label: name }) => (
              <Menu.Item key={to} className="item" render={<Link to={to} />}>
                <Icon name={icon} />
                <span className="grow">{name}</span>
              </Menu.Item>
            ))}
            {places.length > 0 && <Menu.Separator className="rule" />}
            {items}
            <Menu.Item className="item" onClick={() => leaving.mutate()}>
              {texts.signOut}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
