import { Menu } from '@base-ui/react/menu';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { meQuery, switchWorkspace } from '../api/everywhere';
import { session } from '../api/session';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import type { Place } from './navigation';
import { Choice, Preferences } from './preferences';

interface AccountMenuProps {
  readonly className: string;
  /** Pages that are listed nowhere else. */
  readonly places?: readonly Place[];
  readonly children: ReactNode;
}

/** Theme, language, and signing out. A separate chunk, because most visits never open it. */
export const AccountMenu = ({ className, places = [], children }: AccountMenuProps) => {
  const texts = useTexts(SHELL_TEXTS);
  const leaving = useMutation({ mutationFn: () => session.signOut() });
  return (
    <Menu.Root>
      <Menu.Trigger className={className}>{children}</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-40" side="top" align="start" sideOffset={8}>
          <Menu.Popup className="menu" aria-label={texts.account}>
            {places.map(({ name, to, icon }) => (
              <Menu.Item key={name} className="item" render={<Link to={to} />}>
                <Icon name={icon} />
                <span className="grow">{texts[name]}</span>
              </Menu.Item>
            ))}
            {places.length > 0 && <Menu.Separator className="rule" />}
            <Workspaces />
            <Preferences />
            <Menu.Separator className="rule" />
            <Menu.Item className="item" render={<a href="/docs" target="_blank" rel="noreferrer" />}>
              <span className="grow">{texts.apiDocs}</span>
              <Icon name="out" small />
            </Menu.Item>
            <Menu.Item className="item" onClick={() => leaving.mutate()}>
              {texts.signOut}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
};

/** The account's workspaces, if there are several. */
function Workspaces() {
  const texts = useTexts(SHELL_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const moving = useMutation({ mutationFn: switchWorkspace });
  if (me.workspaces.length < 2) return null;
  return (
    <>
      <Choice
        label={texts.workspaces}
        value={me.tenant.id}
        choices={me.workspaces.map(({ id }) => id)}
        names={Object.fromEntries(me.workspaces.map(({ id, name }) => [id, name]))}
        onChoose={(id) => moving.mutate(id)}
      />
      <Menu.Separator className="rule" />
    </>
  );
}
