import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import { type CanActivate, type ExecutionContext, Logger } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import type { DataSource } from 'typeorm';
import { FulfilmentProducts, Names, Outbound } from '#libs/delivery';
import { Doorbell, EventStore, LocalDoorbell } from '#libs/journal';
import { DirectoryStorage, FileService, MAX_FILE_BYTES, ProductService } from '#libs/catalog';
import { Database } from '#libs/database';
import { newUuid, publicId, systemClock } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { CLOCK, CONFIG } from '#libs/runtime';
import { SecretBox } from '#libs/vault';
import { openAsOwner, openTestDatabase, testBox } from '../../../../../test/support/database.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { quotasAt } from '../../../../../test/support/quotas.js';
import { IdempotencyInterceptor } from '../../http/idempotency.interceptor.js';
import { IdempotencyStore } from '../../http/idempotency.store.js';
import { RefusalFilter } from '../../http/refusal.filter.js';
import { validation } from '../../http/schema.js';
import { ProductsController } from '../products/products.controller.js';
import { FilesController } from './files.controller.js';

/** Authentication is tested elsewhere; here a header names the caller. */
class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const call = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    call.user = { tenantId: call.headers['x-tenant'] };
    return true;
  }
}

let app: NestFastifyApplication;
let source: DataSource;
let owner: DataSource;
let root: string;
let tenant: string;

beforeAll(async () => {
  const opened = await openTestDatabase();
  source = opened.source;
  owner = await openAsOwner();
  root = await mkdtemp(join(tmpdir(), 'starwall-upload-'));
  const module = await Test.createTestingModule({
    controllers: [FilesController, ProductsController],
    providers: [
      EventStore,
      ProductService,
      FulfilmentProducts,
      Outbound,
      Names,
      { provide: SecretBox, useValue: testBox() },
      {
        provide: CONFIG,
        useValue: {
          loopbackWebhooks: true,
          publicUrl: 'https://pay.example.com',
          ingressUrl: 'https://in.example.com',
          livemode: false,
        },
      },
      { provide: CLOCK, useValue: systemClock },
      { provide: Database, useValue: opened.db },
      { provide: Quotas, useValue: quotasAt() },
      {
        provide: FileService,
        useValue: new FileService(opened.db, new DirectoryStorage(root), join(root, 'incoming'), quotasAt()),
      },
      { provide: Doorbell, useClass: LocalDoorbell },
      IdempotencyStore,
      { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      { provide: APP_GUARD, useClass: HeaderGuard },
      { provide: APP_FILTER, useClass: RefusalFilter },
      { provide: APP_PIPE, useFactory: validation },
    ],
  }).compile();
  Logger.overrideLogger(false);
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ bodyLimit: 100 * 1024 }));
  await app.register(multipart, { limits: { files: 1, fields: 0, fileSize: MAX_FILE_BYTES } });
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await Promise.all([source.destroy(), owner.destroy()]);
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  tenant = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenant]);
});

const as = (call: request.Test, who = tenant) => call.set('x-tenant', who);
const api = () => request(app.getHttpServer());
const leftovers = async () => [
  await owner.query<unknown[]>('select * from files where tenant_id = $1', [tenant]),
  await readdir(join(root, 'incoming')).catch(() => []),
  await readdir(join(root, tenant)).catch(() => []),
];

describe('an upload', () => {
  it('is stored, described and offered as a download', async () => {
    const content = Buffer.from('<script>alert(1)</script>');
    const created = await as(api().post('/v1/files'))
      .attach('file', content, { filename: 'Гид (1).html', contentType: 'text/html' })
      .expect(201);
    expect(created.body).toEqual({
      object: 'file',
      id: expect.stringMatching(/^file_/),
      name: 'Гид (1).html',
      mime: 'text/html',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      metadata: {},
      created_at: expect.any(String),
    });
    await as(api().get(`/v1/files/${created.body.id}`)).expect(200, created.body);
    const download = await as(api().get(`/v1/files/${created.body.id}/content`))
      .buffer()
      .expect(200);
    expect(download.text).toBe(content.toString());
    expect(download.headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/html/),
      'content-length': String(content.length),
      'content-disposition': `attachment; filename="___ (1).html"; filename*=UTF-8''%D0%93%D0%B8%D0%B4%20%281%29.html`,
      'x-content-type-options': 'nosniff',
    });
  });

  it('is accepted at exactly 50 MB, and refused at one byte more', async () => {
    await as(api().post('/v1/files')).attach('file', Buffer.alloc(MAX_FILE_BYTES), 'full.bin').expect(201);
    const refused = await as(api().post('/v1/files')).attach('file', Buffer.alloc(MAX_FILE_BYTES + 1), 'more.bin');
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({ code: 'file_too_large', remedy: expect.any(String) });
    expect(await readdir(join(root, tenant))).toHaveLength(1);
  });

  it.each<[string, number, string, () => request.Test]>([
    ['an empty file', 400, 'file_empty', () => api().post('/v1/files').attach('file', Buffer.alloc(0), 'a')],
    ['another field', 400, 'invalid_upload', () => api().post('/v1/files').attach('upload', Buffer.from('x'), 'a')],
    ['a text in the field', 400, 'invalid_upload', () => api().post('/v1/files').field('file', 'x')],
    [
      'two files',
      400,
      'invalid_upload',
      () => api().post('/v1/files').attach('file', Buffer.from('x'), 'a').attach('file', Buffer.from('y'), 'b'),
    ],
    [
      'a field after the file',
      400,
      'invalid_upload',
      () => api().post('/v1/files').attach('file', Buffer.from('x'), 'a').field('note', 'x'),
    ],
    ['JSON', 400, 'invalid_upload', () => api().post('/v1/files').send({ file: 'x' })],
    ['nothing', 400, 'invalid_upload', () => api().post('/v1/files')],
    [
      'a body without its end',
      400,
      'invalid_upload',
      () =>
        api()
          .post('/v1/files')
          .set('Content-Type', 'multipart/form-data; boundary=b')
          .send('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf of it'),
    ],
    [
      'no boundary',
      400,
      'invalid_upload',
      () => api().post('/v1/files').set('Content-Type', 'multipart/form-data').send('x'),
    ],
  ])('is refused with %s, and leaves nothing behind', async (_, status, code, call) => {
    const refused = await as(call());
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(await leftovers()).toEqual([[], [], []]);
  });

  it('leaves nothing behind when aborted', async () => {
    const call = startUpload();
    call.write(Buffer.alloc(200_000));
    await eventually('the first bytes', async () => (await leftovers())[1]?.length !== 0);
    call.destroy();
    await eventually('the end of them', async () => (await leftovers())[1]?.length === 0);
    expect(await leftovers()).toEqual([[], [], []]);
  });

  function startUpload(): ClientRequest {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const call = httpRequest({
      port,
      method: 'POST',
      path: '/v1/files',
      headers: { 'x-tenant': tenant, 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1_000_000 },
    });
    once(call, 'close').catch(() => undefined);
    call.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n');
    return call;
  }

  it('cannot be seen or downloaded by another tenant', async () => {
    const { body } = await as(api().post('/v1/files')).attach('file', Buffer.from('x'), 'a').expect(201);
    const stranger = newUuid();
    await as(api().get(`/v1/files/${body.id}`), stranger).expect(404);
    await as(api().get(`/v1/files/${body.id}/content`), stranger).expect(404);
  });
});

describe('a product in the API', () => {
  let bot: string;
  const product = { kind: 'text', title: 'Guide', description: 'All of it', stars: 50, content: 'goods' };

  beforeEach(async () => {
    const id = newUuid();
    bot = publicId('bot', id);
    await owner.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', 'active')`,
      [tenant, id, Math.floor(Math.random() * 2 ** 50)],
    );
  });

  it('is created, changed, listed, archived and activated, and keeps its price history', async () => {
    const created = await as(api().post('/v1/products')).send({ ...product, bot_id: bot, metadata: { a: 'b' } });
    expect(created.body).toMatchObject({
      object: 'product',
      ...product,
      bot_id: bot,
      state: 'active',
      price_version: 1,
    });
    const path = `/v1/products/${created.body.id}`;
    const changed = await as(api().patch(path)).send({ stars: 60, sale_ends_at: '2030-01-01T00:00:00+02:00' });
    expect(changed.body).toMatchObject({ stars: 60, price_version: 2, sale_ends_at: '2029-12-31T22:00:00.000Z' });
    const list = await as(api().get(`/v1/products?bot_id=${bot}&state=active&limit=1`)).expect(200);
    expect(list.body).toEqual({ object: 'list', data: [changed.body], has_more: false });
    expect((await as(api().post(`${path}/archive`)).expect(200)).body.state).toBe('archived');
    expect((await as(api().post(`${path}/activate`)).expect(200)).body.state).toBe('active');
    const prices = await as(api().get(`${path}/prices?limit=1`)).expect(200);
    expect(prices.body).toMatchObject({ data: [{ object: 'price_version', version: 2, stars: 60 }], has_more: true });
    await as(api().get(path), newUuid()).expect(404);
  });

  it.each([
    [{ price: 1 }, 'invalid_request'],
    [{ stars: '50' }, 'invalid_request'],
    [{ stars: 1.5 }, 'invalid_request'],
    [{ stars: 2_000_000 }, 'invalid_request'],
    [{ bot_id: 'bot_1' }, 'invalid_request'],
    [{ kind: 'licence' }, 'invalid_request'],
    [{ sale_ends_at: 'tomorrow' }, 'invalid_request'],
    [{ state: 'archived' }, 'invalid_request'],
    [{ title: '⭐'.repeat(33) }, 'invalid_product'],
    [{ title: 'a\u0000' }, 'invalid_product'],
    [{ content: null }, 'invalid_product'],
    [{ metadata: { a: '\u0000' } }, 'invalid_product'],
  ])('is refused with %j', async (wrong, code) => {
    const refused = await as(api().post('/v1/products')).send({ ...product, bot_id: bot, ...wrong });
    expect(refused.body).toMatchObject({ status: 400, code, errors: [{ path: expect.any(String) }] });
  });

  it('cannot be listed with an unknown filter', async () => {
    await as(api().get('/v1/products?colour=red')).expect(400);
  });
});
