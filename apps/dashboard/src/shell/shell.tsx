import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { installationQuery, meQuery } from '../api/everywhere';
import { live } from '../api/live';
import { session, visit } from '../api/session';
import { lazyPart } from '../parts/lazy-part';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { PLACES } from './navigation';
import { Sandbox, useMode } from './sandbox';
import { Slowness } from './slowness';
import { Sidebar, Tabs } from './sidebar';
import { useShortcuts } from './shortcuts';

const Palette = lazyPart(() => import('./palette'), 'Palette');
const Visiting = lazyPart(() => import('./visiting'), 'Visiting');
const SignInAgain = lazyPart(() => import('./sign-in-again'), 'SignInAgain');

/** The frame of all pages after signing in. */
export function Shell() {
  const texts = useTexts(SHELL_TEXTS);
  const { data: installation } = useSuspenseQuery(installationQuery);
  useMode(installation.livemode);
  const [searching, setSearching] = useState(false);
  const state = useSyncExternalStore(session.subscribe, session.current);
  const navigate = useNavigate();
  useLive();
  useShortcuts({ places: PLACES, search: () => setSearching(true), go: (to) => void navigate({ to }) });
  useEffect(() => {
    if (state === 'none') void navigate({ to: '/sign-in' });
    if (state === 'ended' && visit !== undefined) void navigate({ to: '/look' });
  }, [state, navigate]);

  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <div className="app">
        <Sidebar onSearch={() => setSearching(true)} />
        <div className="above">
          {visit === undefined && !installation.livemode && <Sandbox />}
          {visit !== undefined && (
            <Suspense>
              <Visiting visit={visit} />
            </Suspense>
          )}
          <Slowness />
        </div>
        <Outlet />
        <Tabs />
      </div>
      <Suspense>
        {searching && <Palette onClose={() => setSearching(false)} />}
        {state === 'ended' && visit === undefined && <SignInAgain />}
      </Suspense>
    </>
  );
}

/** Keeps every page up to date with the workspace as long as the session is open. */
function useLive(): void {
  const isOpen = useSyncExternalStore(session.subscribe, session.current) === 'open';
  const { data: me } = useSuspenseQuery(meQuery);
  const name = me.tenant.id;
  useEffect(() => {
    // Each request of a visit is logged in the workspace's audit log, so it sends none in the background.
    if (!isOpen || visit !== undefined) return;
    return live.begin({ name, token: () => session.accessToken(), onDoubt: () => void session.doubted() });
  }, [isOpen, name]);
}
