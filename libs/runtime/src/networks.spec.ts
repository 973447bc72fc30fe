import { isNetwork, Networks } from './networks.js';

const TELEGRAM = ['149.154.160.0/20', '91.108.4.0/22'];

describe('a list of networks', () => {
  it.each<[string, boolean]>([
    ['149.154.160.0', true],
    ['149.154.175.255', true],
    ['91.108.7.255', true],
    ['::ffff:91.108.4.1', true],
    ['149.154.159.255', false],
    ['149.154.176.0', false],
    ['91.108.8.0', false],
    ['::1', false],
    ['2001:67c:4e8:f004::9', false],
    ['nobody', false],
    ['', false],
  ])('for Telegram contains %j: %j', (address, has) => expect(new Networks(TELEGRAM).has(address)).toBe(has));

  it('can also contain single addresses and IPv6', () => {
    const networks = new Networks(['10.0.0.7', '2001:db8::/32', '::1']);
    expect(['10.0.0.7', '2001:db8:9::1', '::1'].map((one) => networks.has(one))).toEqual([true, true, true]);
    expect(['10.0.0.8', '2001:db9::1', '::2'].map((one) => networks.has(one))).toEqual([false, false, false]);
  });

  it('contains nothing when it is empty', () => expect(new Networks([]).has('127.0.0.1')).toBe(false));
});

it.each<[string, boolean]>([
  ['10.0.0.0/8', true],
  ['10.1.2.3', true],
  ['fd00::/8', true],
  ['::1', true],
  ['10.0.0.0/33', false],
  ['10', false],
  ['0x0a.0.0.0/8', false],
  ['fe80::1%eth0', false],
  ['localhost', false],
  ['', false],
])('%j is a network: %j', (text, is) => expect(isNetwork(text)).toBe(is));
