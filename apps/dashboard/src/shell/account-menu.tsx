import { Menu } from '@base-ui/react/menu';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { meQuery, switchWorkspace } from '../api/everywhere';
import { session } from '../api/session';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { type AccountMenuProps, MenuFrame } from './menu-frame';
import { Choice, Preferences } from './preferences';

/** Theme, language, and signing out. A separate chunk, because most visits never open it. */
export function AccountMenu(props: AccountMenuProps) {
  const texts = useTexts(SHELL_TEXTS);
  const items = (
    <>
      <Workspaces />
      <Preferences />
      <Menu.Separator className="rule" />
      <Menu.Item className="item" render={<a href="/docs" target="_blank" rel="noreferrer" />}>
        <span className="grow">{texts.apiDocs}</span>
        <Icon name="out" small />
      </Menu.Item>
    </>
  );
  return <MenuFrame {...props} label={texts.account} items={items} signOut={() => session.signOut()} />;
}

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
