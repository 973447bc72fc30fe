import { Link, type LinkProps } from '@tanstack/react-router';
import { TabRow } from './tab-row';

interface TabLinksProps<Tab extends string> {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly shown: Tab;
  readonly names: Readonly<Record<Tab, string>>;
  readonly linkTo: (tab: Tab) => LinkProps;
}

/** The parts of a page as links, so that each has an address. */
export const TabLinks = <Tab extends string>({ label, tabs, shown, names, linkTo }: TabLinksProps<Tab>) => (
  <TabRow label={label} current={shown}>
    {tabs.map((tab) => (
      <Link key={tab} {...linkTo(tab)} className="view" aria-current={tab === shown ? 'page' : undefined}>
        {names[tab]}
      </Link>
    ))}
  </TabRow>
);
