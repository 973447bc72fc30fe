import { newUuid, publicId } from '#libs/kernel';
import { beginsWith, readTenantQuery } from './tenant-search.js';

const uuid = newUuid();

it.each([
  ['Ada@Example.com ', { by: 'email', text: 'ada@example.com' }],
  ['@My_Shop_Bot', { by: 'username', text: 'my_shop_bot' }],
  ['my_shop_bot', { by: 'username', text: 'my_shop_bot' }],
  ['7000000001', { by: 'telegram', id: 7_000_000_001 }],
  ['stxAbCdEf0123456789_-AbCdEf', { by: 'charge', text: 'stxAbCdEf0123456789_-AbCdEf' }],
  [publicId('order', uuid), { by: 'order', id: uuid }],
  [publicId('charge', uuid), { by: 'charge_id', id: uuid }],
  [publicId('bot', uuid), { by: 'bot', id: uuid }],
  [publicId('tenant', uuid), { by: 'tenant', id: uuid }],
  ["Ada's Shop", { by: 'name', text: "ada's shop" }],
  ['1984', { by: 'name', text: '1984' }],
  ['@', { by: 'username', text: '' }],
])('%s is searched as %j', (typed, query) => expect(readTenantQuery(typed)).toEqual(query));

it('a typed name is not used as a pattern', () => expect(beginsWith('50%_\\')).toBe('50\\%\\_\\\\%'));
