import { inflateSync } from 'node:zlib';
import { create } from 'qrcode';
import { costOf } from '../../../../../test/support/cost.js';
import { qrPng } from './qr-png.js';

const ADDRESS = `https://t.me/some_shop_bot?start=buy_prod_${'0'.repeat(26)}_${'x'.repeat(20)}`;

/** Reads a PNG with one bit per pixel and unfiltered lines. */
function read(png: Buffer) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const begin = png.indexOf('IDAT');
  const lines = inflateSync(png.subarray(begin + 4, begin + 4 + png.readUInt32BE(begin - 4)));
  const line = 1 + Math.ceil(width / 8);
  const darkAt = (x: number, y: number) => (((lines[y * line + 1 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 0;
  return { width, height, darkAt };
}

describe('the picture of a QR code', () => {
  it.each(['https://t.me/shop_bot', ADDRESS, 'x'.repeat(500)])('shows every module of %s', (text) => {
    const { size, data } = create(text, {}).modules;
    const { width, height, darkAt } = read(qrPng(text, 1_024));
    const scale = width / (size + 8);
    expect([width, Number.isInteger(scale)]).toEqual([height, true]);
    expect(width).toBeGreaterThanOrEqual(1_024);
    const shown = Array.from({ length: size * size }, (_, n) => {
      const [x, y] = [(n % size) + 4, Math.floor(n / size) + 4];
      const corners = [
        [0, 0],
        [scale - 1, 0],
        [0, scale - 1],
        [scale - 1, scale - 1],
      ] as const;
      const seen = new Set(corners.map(([dx, dy]) => darkAt(x * scale + dx, y * scale + dy)));
      return seen.size === 1 && seen.has(true) ? 1 : seen.size === 1 ? 0 : -1;
    });
    expect(shown).toEqual([...data]);
    const border = Array.from({ length: width }, (_, n) => [
      darkAt(n, 0),
      darkAt(0, n),
      darkAt(n, 4 * scale - 1),
      darkAt(width - 1, n),
    ]);
    expect(border.flat()).not.toContain(true);
  });

  it('is cheap to draw', async () => {
    expect(await costOf(() => qrPng(ADDRESS, 1_024))).toBeLessThan(50);
  });
});
