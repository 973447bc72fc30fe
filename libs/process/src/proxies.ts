import { type Clock, HOUR } from '#libs/kernel';
import { Networks, Seldom } from '#libs/runtime';

/** What is needed to know of a request. */
interface Arrival {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Warns, at most once an hour, when X-Forwarded-For comes from an address that is no trusted proxy. Such a header is not believed, so
 * with a proxy that the settings forgot everybody has the proxy's address.
 */
export function forgottenProxy(trustedProxies: readonly string[], clock: Clock, warn: (line: string) => void) {
  const trusted = new Networks(trustedProxies);
  const seldom = new Seldom(HOUR);
  return ({ headers, socket: { remoteAddress = '' } }: Arrival): void => {
    if (headers['x-forwarded-for'] === undefined || trusted.has(remoteAddress)) return;
    seldom.about(clock.now(), () =>
      warn(
        `A request from ${remoteAddress} has the header X-Forwarded-For, which is not believed, because TRUSTED_PROXIES does not hold ` +
          `${remoteAddress}. If that is your proxy, set TRUSTED_PROXIES=${remoteAddress}: until then all who come through it share one ` +
          'limit of logins, and TELEGRAM_NETWORKS keeps Telegram out. If it is a stranger, nothing has to be done.',
      ),
    );
  };
}
