import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of the email's link: the fragment of the address, which browsers send to no server. It is removed from the
 * address bar at once, so that it stays in no history and on no screenshot.
 */
export function useLinkToken(): string {
  const { history } = useRouter();
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replace(location.pathname);
  }, [history]);
  useEffect(() => {
    // Another link to the same page, opened in this tab, loads nothing by itself.
    const begin = () => location.reload();
    addEventListener('hashchange', begin);
    return () => removeEventListener('hashchange', begin);
  }, []);
  return token;
}
