import { inWords, warning, well, wrong } from './finding.js';

it('findings are printed as lines with their remedies and a total', () => {
  const words = inWords([
    well('keys', 'The master key decrypts.'),
    warning('clock', 'It is late.', 'Synchronise it.'),
    wrong('telegram', 'No answer.', 'Open the firewall.'),
  ]);
  expect(words.split('\n')).toEqual([
    'ok       keys         The master key decrypts.',
    'WARNING  clock        It is late.',
    '                      Synchronise it.',
    'WRONG    telegram     No answer.',
    '                      Open the firewall.',
    '',
    '1 wrong, 1 with a warning.',
  ]);
  expect(inWords([well('keys', 'Fine.')])).toMatch(/Everything is fine\.$/);
});
