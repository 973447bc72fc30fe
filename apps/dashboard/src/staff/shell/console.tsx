import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Dialog } from '../../parts/dialog';
import { lazyPart } from '../../parts/lazy-part';
import { Sandbox, useMode } from '../../shell/sandbox';
import { useShortcuts } from '../../shell/shortcuts';
import { useTexts } from '../../texts';
import { SHELL_TEXTS } from '../../texts/shell';
import { staffQueries } from '../api/client';
import { staffInstallationQuery, staffMeQuery } from '../api/me';
import { staffSession } from '../api/session';
import { StaffSidebar, StaffTabs } from './sidebar';
import { useStaffPlaces } from './navigation';

const StaffPalette = lazyPart(() => import('./palette'), 'StaffPalette');
const StaffSignInForm = lazyPart(() => import('../entry/sign-in-form'), 'StaffSignInForm');

/** The frame of all pages of the console after signing in. */
export function Console() {
  const texts = useTexts(SHELL_TEXTS);
  const [searching, setSearching] = useState(false);
  const [away, setAway] = useState(false);
  const places = useStaffPlaces();
  const { data: installation } = useQuery(staffInstallationQuery);
  const isReal = installation?.livemode !== false;
  useMode(isReal);
  const state = useSyncExternalStore(staffSession.subscribe, staffSession.current);
  const navigate = useNavigate();
  useShortcuts({ places, search: () => setSearching(true), go: (to) => void navigate({ to }) });
  useEffect(() => {
    if (state === 'none') void navigate({ to: '/staff/sign-in' });
    if (state === 'ended') setAway(true);
  }, [state, navigate]);

  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <div className="app staff">
        <StaffSidebar onSearch={() => setSearching(true)} />
        {!isReal && <Sandbox />}
        <Outlet />
        <StaffTabs />
      </div>
      <Suspense>
        {searching && <StaffPalette onClose={() => setSearching(false)} />}
        {away && <SignInAgain onSignedIn={() => setAway(false)} />}
      </Suspense>
    </>
  );
}

/** Shown when the session ends during a visit: the page behind it keeps everything that was typed. */
function SignInAgain({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const texts = useTexts(SHELL_TEXTS);
  const { data: me } = useQuery({ ...staffMeQuery, enabled: false });
  const goOn = async () => {
    onSignedIn();
    await staffQueries.invalidateQueries();
  };
  return (
    <Dialog open onClose={() => undefined} title={texts.endedTitle} sentence={texts.endedText}>
      <StaffSignInForm email={me?.email ?? ''} onSignedIn={goOn} />
    </Dialog>
  );
}
