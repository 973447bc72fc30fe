import { type ReactNode, Suspense } from 'react';
import { Avatar } from '../parts/avatar';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { Logo } from './logo';

/** The account's address and role, which open its menu. */
export function AccountLine({ email, role }: { readonly email: string; readonly role: string }) {
  return (
    <>
      <Avatar name={email} of="person" />
      <span className="grow cut lb text-left">{email}</span>
      <span className="count lb">{role}</span>
    </>
  );
}

interface SideProps {
  /** The name of the sidebar for screen readers. */
  readonly label: string;
  readonly title: string;
  readonly onSearch: () => void;
  readonly account: ReactNode;
  /** Shown in place of the account's menu while that is loading. */
  readonly accountLine: ReactNode;
  /** Navigations. */
  readonly children: ReactNode;
}

/** The sidebar of the dashboard and of the staff's console. */
export function Side({ label, title, onSearch, account, accountLine, children }: SideProps) {
  const texts = useTexts(SHELL_TEXTS);
  const onMac = navigator.userAgent.includes('Mac');
  return (
    <aside className="side" aria-label={label}>
      <div className="side-in">
        <div className="ws" title={title}>
          <Logo />
          <span className="lb m cut grow">{title}</span>
        </div>
        <button type="button" className="find" title={texts.search} onClick={onSearch}>
          <Icon name="search" />
          <span className="lb grow">{texts.search}</span>
          <kbd aria-hidden="true">{onMac ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        {children}
        <div className="foot nav">
          <Suspense fallback={accountLine}>{account}</Suspense>
        </div>
      </div>
    </aside>
  );
}
