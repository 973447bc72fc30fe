import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { DatabaseAway, DatabaseBusy, DatabaseFull, isMistake, named, troubleDelay, troubleOf } from './trouble.js';

const refused = (code: string) => new QueryFailedError('select', [], Object.assign(new Error('refused'), { code }));
const withCode = (code: string) => Object.assign(new Error('no way'), { code });

describe('an error of the database', () => {
  it.each([
    ['no free connection in the pool', new Error('timeout exceeded when trying to connect')],
    ['too many connections', refused('53300')],
    ['out of memory', refused('53200')],
    ['a lock that was not free in time', refused('55P03')],
    ['repeated deadlocks', refused('40P01')],
  ])('means that the server is busy: %s', (_what, error) => {
    expect(troubleOf(error)).toBe('busy');
    expect(named(error)).toBeInstanceOf(DatabaseBusy);
    expect(isMistake(error)).toBe(false);
  });

  it.each([
    ['no server listens', withCode('ECONNREFUSED')],
    ['its name cannot be resolved now', withCode('EAI_AGAIN')],
    ['the connection broke', new Error('Connection terminated unexpectedly')],
    ['no connection in time', new Error('Connection terminated due to connection timeout')],
    ['the connection broke under a query runner', new QueryRunnerAlreadyReleasedError()],
    ['shut down by its administrator', refused('57P01')],
    ['crashed', refused('57P02')],
    ['starting', refused('57P03')],
    ['connection failure', refused('08006')],
    ['a standby', refused('25006')],
    ['an idle transaction that the server ended', refused('25P03')],
    ['a transaction that the server ended because it was too long', refused('25P04')],
    ['an I/O error', refused('58030')],
  ])('means that the server is down: %s', (_what, error) => {
    expect(troubleOf(error)).toBe('away');
    expect(named(error)).toBeInstanceOf(DatabaseAway);
    expect(isMistake(error)).toBe(false);
  });

  it('reports that the server’s disk is full', () => {
    const error = refused('53100');
    expect(troubleOf(error)).toBe('full');
    expect(named(error)).toBeInstanceOf(DatabaseFull);
    expect(isMistake(error)).toBe(false);
  });

  it.each([
    ['a violated constraint', refused('23514')],
    ['a value that cannot be cast', refused('22P02')],
    ['no such column', refused('42703')],
    ['too many columns', refused('54011')],
    ['a TypeError', new TypeError('undefined has no properties')],
    ['a RangeError', new RangeError('an int8 left the safe range')],
    ['a ReferenceError', new ReferenceError('nothing is not defined')],
  ])('means that our code is wrong: %s', (_what, error) => {
    expect(isMistake(error)).toBe(true);
    expect(named(error)).toBe(error);
  });

  it.each([
    ['a statement that took too long', refused('57014')],
    ['a server that did not answer a fetch', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
    ['anything else', new Error('something')],
    ['nothing', undefined],
  ])('says neither that the database nor that our code is at fault: %s', (_what, error) => {
    expect(troubleOf(error)).toBeUndefined();
    expect(isMistake(error)).toBe(false);
  });
});

describe('work that failed together', () => {
  it('is retried after two to four seconds, spread out', () => {
    expect(troubleDelay(0)).toBe(2_000);
    expect(troubleDelay(0.999)).toBe(3_998);
  });
});
