import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

interface TabRowProps {
  readonly label: string;
  /** Changes with the current tab. */
  readonly current: string;
  readonly children: ReactNode;
}

/** One row of tabs. Where they do not fit, it scrolls, and shows the current one. */
export function TabRow({ label, current, children }: TabRowProps) {
  const row = useRef<HTMLElement>(null);
  const router = useRouter();
  useEffect(() => {
    const showCurrent = () => {
      const nav = row.current;
      const tab = nav?.querySelector<HTMLElement>('[aria-current]');
      if (!nav || !tab) return;
      nav.scrollLeft += tab.getBoundingClientRect().left - nav.getBoundingClientRect().left - nav.clientWidth / 3;
    };
    showCurrent();
    // After each move the router scrolls all elements to where they were on the page before.
    return router.subscribe('onRendered', showCurrent);
  }, [router, current]);
  return (
    <nav ref={row} className="views" aria-label={label}>
      {children}
    </nav>
  );
}
