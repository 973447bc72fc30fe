import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { Icon, type IconName } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';

/** A link of the sidebar, of the tabs or of the account's menu. */
export interface Target {
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  readonly label: string;
}

/** The links of the side. */
export const SideLinks = ({ targets }: { readonly targets: readonly Target[] }) =>
  targets.map(({ to, icon, label }) => (
    <Link key={to} to={to} title={label} activeOptions={{ exact: to === '/' }}>
      <Icon name={icon} />
      <span>{label}</span>
    </Link>
  ));

interface TabBarProps {
  readonly targets: readonly Target[];
  /** Wraps the content of the last tab in the menu that it opens. */
  readonly menu: (tab: ReactNode) => ReactNode;
}

/** The navigation on a phone. The account and the other places are behind the last tab. */
export function TabBar({ targets, menu }: TabBarProps) {
  const texts = useTexts(SHELL_TEXTS);
  const tab = (
    <>
      <Icon name="menu" />
      <span>{texts.more}</span>
    </>
  );
  return (
    <nav className="tabs" aria-label={texts.mainNavigation}>
      {targets.map(({ to, icon, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
          <Icon name={icon} />
          <span>{label}</span>
        </Link>
      ))}
      <Suspense fallback={<span />}>{menu(tab)}</Suspense>
    </nav>
  );
}
