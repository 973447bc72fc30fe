import { type GuardFacts, safeUrl, UnsafeAddress, whyNotAddress } from './address-guard.js';

const facts: GuardFacts = { loopback: false, ownHosts: ['pay.starwall.io'], ownAddresses: ['5.6.7.8', '2a01:4f8::7'] };
const development: GuardFacts = { ...facts, loopback: true };

describe('an address that a creator gives us', () => {
  it.each([
    ['https://shop.example.com/hook', 'https://shop.example.com/hook'],
    ['https://SHOP.Example.COM./hook?a=1#part', 'https://shop.example.com/hook?a=1'],
    ['https://shop.example.com:443/', 'https://shop.example.com/'],
    ['https://shop.example.com:8443/', 'https://shop.example.com:8443/'],
    ['https://bücher.example.com/', 'https://xn--bcher-kva.example.com/'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('is taken when it is public: %s', (given, canonical) => {
    expect(safeUrl(given, facts).href).toBe(canonical);
  });

  it.each([
    // not a web address at all, or an unsafe one
    '',
    'shop.example.com',
    '//shop.example.com/',
    'ftp://shop.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://shop.example.com/',
    'https://',
    'https:///shop.example.com',
    'https:\\\\shop.example.com',
    `https://shop.example.com/${'a'.repeat(2_048)}`,
    // user names, passwords, and what looks like them
    'https://user@shop.example.com/',
    'https://user:password@shop.example.com/',
    'https://shop.example.com@127.0.0.1/',
    'https://shop.example.com:443@10.0.0.1/',
    // other ports
    'https://shop.example.com:80/',
    'https://shop.example.com:22/',
    'https://shop.example.com:6379/',
    'https://shop.example.com:65536/',
    // names inside
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://postgres/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://printer.local/',
    'https://db.home.arpa/',
    'https://1.0.0.127.in-addr.arpa/',
    'https://pay.starwall.io/telegram/x',
    // IPv4, plain and in disguise
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://%31%32%37.0.0.1/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://127.0.0.1./',
    'https://127.255.255.254/',
    'https://0.0.0.0/',
    'https://0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://100.100.100.200/latest/meta-data/',
    'https://168.63.129.16/',
    'https://192.0.0.192/',
    'https://192.0.2.1/',
    'https://192.88.99.1/',
    'https://198.18.0.1/',
    'https://198.51.100.1/',
    'https://203.0.113.1/',
    'https://224.0.0.1/',
    'https://239.255.255.250/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://5.6.7.8/',
    // IPv6
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:1.1.1.1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://[2606:4700::5efe:10.0.0.1]/',
    'https://[2606:4700::200:5efe:10.0.0.1]/',
    'https://[100::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[fe80::1%25eth0]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[4000::1]/',
    'https://[2a01:4f8:0:0:0:0:0:7]/',
  ])('is refused when it is not: %s', (given) => {
    expect(() => safeUrl(given, facts)).toThrow(UnsafeAddress);
  });

  it('may be on this machine while developing, but still nowhere else inside', () => {
    expect(safeUrl('http://127.0.0.1:4000/hook', development).port).toBe('4000');
    expect(safeUrl('http://localhost:4000/hook', development).hostname).toBe('localhost');
    expect(safeUrl('http://[::1]:4000/hook', development).hostname).toBe('[::1]');
    expect(() => safeUrl('http://10.0.0.1/', development)).toThrow('"private"');
    expect(() => safeUrl('http://169.254.169.254/', development)).toThrow('"linkLocal"');
  });

  it('is judged by what its name resolves to', () => {
    expect(whyNotAddress('93.184.216.34', facts)).toBeUndefined();
    expect(whyNotAddress('127.0.0.1', facts)).toContain('"loopback"');
    expect(whyNotAddress('127.0.0.1', development)).toBeUndefined();
    expect(whyNotAddress('fe80::1%eth0', development)).toContain('"linkLocal"');
    expect(whyNotAddress('not an address', development)).toBeDefined();
  });
});
