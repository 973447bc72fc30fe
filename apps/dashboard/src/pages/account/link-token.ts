import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of the email's link: the fragment of the address, which browsers never send to a server. It is removed from
 * the address bar at once, so that it appears in neither the history nor screenshots.
 */
export function useLinkToken(): string {
  const { history } = useRouter();
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replace(location.pathname);
  }, [history]);
  useEffect(() => {
    // Opening another link to the same page in this tab does not reload the page.
    const begin = () => location.reload();
    addEventListener('hashchange', begin);
    return () => removeEventListener('hashchange', begin);
  }, []);
  return token;
}
