import ipaddr from 'ipaddr.js';
import { DomainError } from '#libs/kernel';

/** Settings of an installation that the rule depends on. */
export interface GuardFacts {
  /** For development: allows http, any port, and the addresses of this machine. */
  readonly loopback: boolean;
  /** Host names of the platform itself, in lower case. */
  readonly ownHosts?: readonly string[];
  /** Addresses of this machine. */
  readonly ownAddresses?: readonly string[];
}

export class UnsafeAddress extends DomainError {
  static readonly code = 'unsafe_address';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Use an https:// URL on port 443 or 8443 whose host name resolves to public addresses only, without user name or password.';

  /** @param because ends the sentence "The address is refused: ..." */
  constructor(because: string) {
    super(`The address is refused: ${because}.`);
  }
}

export const MAX_URL = 2_048;
const PORTS = ['', '443', '8443'];

/** Hosts inside clouds and clusters whose addresses look public. */
const INTERNAL_ADDRESSES = [
  '168.63.129.16', // Azure's virtual public address of the host
];
const INTERNAL_NAMES =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|in-addr\.arpa|ip6\.arpa|onion|test|invalid|example)$/;

const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Parses a URL that we are asked to call. The URL parser turns disguised numbers (decimal, octal, hex, full-width) into
 * plain addresses, which are checked as such; names are checked again after they have been resolved.
 * @returns the URL in canonical form: host in lower case and ASCII, no trailing dot, no fragment
 * @throws UnsafeAddress
 */
export function safeUrl(text: string, facts: GuardFacts): URL {
  if (text.length > MAX_URL) throw new UnsafeAddress(`it is longer than ${MAX_URL} characters`);
  // Other parsers treat a backslash, and characters that ours drops silently, differently.
  if (/[\\\s\p{Cc}]/u.test(text)) throw new UnsafeAddress('it has a backslash, a space or a control character');
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) throw new UnsafeAddress('it is not an https:// URL');
  const url = new URL(text);
  url.hash = '';
  url.hostname = url.hostname.replace(/\.+$/, '');
  if (url.protocol !== 'https:' && !facts.loopback) throw new UnsafeAddress('it does not start with https://');
  if (url.username !== '' || url.password !== '') throw new UnsafeAddress('it contains a user name or a password');
  if (!PORTS.includes(url.port) && !facts.loopback) throw new UnsafeAddress('its port is neither 443 nor 8443');
  const host = hostOf(url);
  const because = ipaddr.isValid(host) ? whyNotAddress(host, facts) : whyNotName(host, facts);
  if (because !== undefined) throw new UnsafeAddress(because);
  return url;
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const MAX_NAME = 253;

function whyNotName(host: string, facts: GuardFacts): string | undefined {
  if (facts.loopback) return undefined;
  if (host.length > MAX_NAME || !host.split('.').every((label) => LABEL.test(label)))
    return 'its host is not a valid name';
  if (!host.includes('.') || INTERNAL_NAMES.test(host)) return 'its host is a private network name';
  if (facts.ownHosts?.includes(host)) return 'it is an address of this service itself';
  return undefined;
}

/**
 * Returns the reason why we do not connect to an address; undefined for public unicast addresses.
 * @param address IPv4 in four decimals, or IPv6
 */
export function whyNotAddress(address: string, facts: GuardFacts): string | undefined {
  if (!ipaddr.isValid(address)) return 'its host is not a valid address';
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (facts.loopback && range === 'loopback') return undefined;
  if (range !== 'unicast') return `its host is in the address range "${range}", which is not public`;
  if (INTERNAL_ADDRESSES.includes(parsed.toString())) return 'its host is an address inside a cloud';
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST_V6)) return 'its host is not a public address';
  if (parsed instanceof ipaddr.IPv6 && isIsatap(parsed)) return 'its host is an IPv4 address inside an IPv6 address';
  const own = facts.ownAddresses?.some((other) => ipaddr.isValid(other) && sameAddress(ipaddr.parse(other), parsed));
  return own ? 'it is an address of this service itself' : undefined;
}

const sameAddress = (a: ipaddr.IPv4 | ipaddr.IPv6, b: ipaddr.IPv4 | ipaddr.IPv6) =>
  a.toNormalizedString() === b.toNormalizedString();

/** RFC 5214: the last eight bytes of an ISATAP address are 0000:5efe or 0200:5efe and an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , fourth, fifth] = address.parts;
  return fifth === 0x5efe && (fourth === 0 || fourth === 0x200);
}
