import { isIPv6 } from 'node:net';

/** An address as Telegram stores it, or Telegram's message about the error in it. */
export type CheckedLink = { readonly url: string } | { readonly problem: string };

const ALLOWED = /^[\w.\-!$,~*'();&+=%\u0080-\u{10FFFF}]*$/u;
const BROKEN_PERCENT = /%(?![0-9a-f]{2})/i;
const NOT_HTTP = /^(tg|ton|tonsite):(?:\/\/)?/i;

/**
 * The address of a link or a button as TDLib parses it (HttpUrl.cpp, parse_url; LinkManager.cpp, check_link_impl):
 * `http` by default, and then a host with a dot in it, or one of Telegram's own protocols.
 */
export function checkLink(link: string): CheckedLink {
  const own = NOT_HTTP.exec(link);
  if (own !== null) return ownLink(own[1]?.toLowerCase() ?? '', link.slice(own[0].length));
  const http = parseHttp(link);
  if ('problem' in http) return http;
  if (!http.host.includes('.') && !http.host.startsWith('[')) return { problem: 'Wrong HTTP URL' };
  return { url: http.url };
}

/** The address; undefined when Telegram would not turn it into a link. */
export function linkAddress(link: string): string | undefined {
  const checked = checkLink(link);
  return 'url' in checked ? checked.url : undefined;
}

function ownLink(protocol: string, rest: string): CheckedLink {
  const http = parseHttp(rest);
  if ('problem' in http) return http;
  if (/^https?:\/\//i.test(rest) || /[@:[]/.test(http.authority)) {
    return { problem: protocol === 'tg' ? 'Wrong tg URL' : 'Wrong ton URL' };
  }
  const allowed = protocol === 'tonsite' ? /^[\w.-]*$/ : /^[\w-]*$/;
  if (!allowed.test(http.host)) return { problem: 'Unallowed characters in URL host' };
  return { url: `${protocol}://${http.host}${http.path.replace(/^\/\?/, '?')}` };
}

type HttpParts = { readonly url: string; readonly authority: string; readonly host: string; readonly path: string };

function parseHttp(link: string): HttpParts | { readonly problem: string } {
  const [, protocol = ''] = /^([^:/?#@[\]]*):\/\//.exec(link) ?? [];
  const given = link.slice(protocol === '' && !link.startsWith('://') ? 0 : protocol.length + 3);
  if (given.length < link.length && !/^https?$/i.test(protocol)) return { problem: 'Unsupported URL protocol' };
  const [authority = ''] = /^[^/?#]*/.exec(given) ?? [];
  const { userinfoAndHost, port } = portOf(authority);
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) <= 65_535)) {
    return { problem: 'Wrong port number specified in the URL' };
  }
  const at = userinfoAndHost.lastIndexOf('@');
  const [userinfo, host] = [userinfoAndHost.slice(0, Math.max(at, 0)), userinfoAndHost.slice(at + 1).toLowerCase()];
  const problem = hostProblem(host) ?? partProblem(userinfo.replaceAll(':', ''), 'userinfo');
  if (problem !== undefined) return { problem };
  const query = given.slice(authority.length).trimEnd();
  const path = `${query.startsWith('/') ? '' : '/'}${query}`.replaceAll(/[\0- ]/g, (char) => encodeURIComponent(char));
  const shownUser = userinfo === '' ? '' : `${userinfo}@`;
  const shownPort = port === undefined ? '' : `:${Number(port)}`;
  const scheme = protocol === '' ? 'http' : protocol.toLowerCase();
  return { url: `${scheme}://${shownUser}${host}${shownPort}${path}`, authority, host, path };
}

/** The part after the last colon, unless the colon belongs to an IPv6 address or to user information. */
function portOf(authority: string): { readonly userinfoAndHost: string; readonly port: string | undefined } {
  const colon = authority.lastIndexOf(':');
  if (colon <= Math.max(0, authority.lastIndexOf('@'), authority.lastIndexOf(']'))) {
    return { userinfoAndHost: authority, port: undefined };
  }
  return { userinfoAndHost: authority.slice(0, colon), port: authority.slice(colon + 1) };
}

function hostProblem(host: string): string | undefined {
  if (host === '') return 'URL host is empty';
  if (host === '.') return 'Host is invalid';
  if (!host.startsWith('[')) return partProblem(host, 'host');
  return isIPv6(host.slice(1, -1)) ? undefined : 'Wrong IPv6 address specified in the URL';
}

function partProblem(part: string, name: string): string | undefined {
  if (!ALLOWED.test(part)) return `Disallowed character in URL ${name}`;
  return BROKEN_PERCENT.test(part) ? `Wrong percent-encoded symbol in URL ${name}` : undefined;
}
