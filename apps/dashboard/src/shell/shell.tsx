import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { installationQuery } from '../api/everywhere';
import { session } from '../api/session';
import { lazyPart } from '../parts/lazy-part';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { PLACES } from './navigation';
import { Sandbox, useMode } from './sandbox';
import { Sidebar, Tabs } from './sidebar';
import { useShortcuts } from './shortcuts';

const Palette = lazyPart(() => import('./palette'), 'Palette');
const SignInAgain = lazyPart(() => import('./sign-in-again'), 'SignInAgain');

/** The frame of all pages after signing in. */
export function Shell() {
  const texts = useTexts(SHELL_TEXTS);
  const { data: installation } = useSuspenseQuery(installationQuery);
  useMode(installation.livemode);
  const [searching, setSearching] = useState(false);
  const state = useSyncExternalStore(session.subscribe, session.current);
  const navigate = useNavigate();
  useShortcuts({ places: PLACES, search: () => setSearching(true), go: (to) => void navigate({ to }) });
  useEffect(() => {
    if (state === 'none') void navigate({ to: '/sign-in' });
  }, [state, navigate]);

  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <div className="app">
        <Sidebar onSearch={() => setSearching(true)} />
        {!installation.livemode && <Sandbox />}
        <Outlet />
        <Tabs />
      </div>
      <Suspense>
        {searching && <Palette onClose={() => setSearching(false)} />}
        {state === 'ended' && <SignInAgain />}
      </Suspense>
    </>
  );
}
