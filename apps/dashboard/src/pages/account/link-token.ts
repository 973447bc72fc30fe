import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of the mail's link: the fragment of the address, which browsers send to no server. It is removed from the
 * address bar at once, so that it stays in no history and on no screenshot.
 */
export function useLinkToken(): string {
  const { history } = useRouter();
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replace(location.pathname);
  }, [history]);
  return token;
}
