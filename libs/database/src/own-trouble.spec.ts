import { OwnTrouble, TROUBLES_THAT_COUNT } from './own-trouble.js';
import { DatabaseAway, DatabaseBusy } from './trouble.js';

const often = (n: number, work: () => boolean) => Array.from({ length: n }, work).filter(Boolean).length;

describe('work during database failures', () => {
  it('counts as their cause if they repeat while other work succeeds', () => {
    const troubles = new OwnTrouble();
    const meet = () => {
      troubles.over('another');
      return troubles.isOwn('it', new DatabaseBusy());
    };
    expect(often(TROUBLES_THAT_COUNT - 1, meet)).toBe(0);
    expect(meet()).toBe(true);
    expect(often(TROUBLES_THAT_COUNT - 1, meet)).toBe(0);
    expect(meet()).toBe(true);
  });

  it('does not count as their cause if nothing else succeeds either', () => {
    const troubles = new OwnTrouble();
    expect(often(TROUBLES_THAT_COUNT * 3, () => troubles.isOwn('it', new DatabaseBusy()))).toBe(0);
  });

  it('does not count as their cause if it succeeds in between, or if the database is down', () => {
    const troubles = new OwnTrouble();
    const meet = () => {
      troubles.over('another');
      return troubles.isOwn('it', new DatabaseBusy());
    };
    expect(often(TROUBLES_THAT_COUNT - 1, meet)).toBe(0);
    troubles.over('it');
    expect(often(TROUBLES_THAT_COUNT - 1, meet)).toBe(0);
    const away = () => {
      troubles.over('another');
      return troubles.isOwn('away', new DatabaseAway());
    };
    expect(often(TROUBLES_THAT_COUNT * 2, away)).toBe(0);
  });
});
