import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type NewProduct, type Product, ProductService } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { type Clock, DomainError, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SecretBox, type SecretPlace } from '#libs/vault';
import { SECRET_OVERLAP_MS } from '../webhooks/endpoint.js';
import { FulfilmentSecretRow } from './fulfilment-secret.entity.js';
import { Outbound } from '../outbound/outbound.service.js';
import { SECRET_BYTES, secretOf } from '../outbound/webhook.js';

/** The secret is set only when it was just created, and is never shown again. */
export interface SavedProduct {
  readonly product: Product;
  readonly secret: string | null;
}

export class NoFulfilmentSecret extends DomainError {
  static readonly code = 'no_fulfilment_secret';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Only a product of the kind callback or paid_command is fulfilled by your server. Use the id of such a product.';

  constructor() {
    super('This product has no fulfilment secret.');
  }
}

const place = (productId: string, which: 'secret' | 'previous_secret'): SecretPlace => ({
  column: `fulfilment_secrets.${which}`,
  rowId: productId,
});

/** Saves products; those that the creator's server fulfils get a checked address and a secret. */
@Injectable()
export class FulfilmentProducts {
  constructor(
    private readonly products: ProductService,
    private readonly outbound: Outbound,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Resolves the host's name now, outside of any transaction. A name that cannot be resolved is accepted, because the
   * address is checked again on every call.
   * @throws UnsafeAddress
   */
  async vet(url: string | null | undefined): Promise<void> {
    if (url !== null && url !== undefined) await this.outbound.vet(url.trim());
  }

  /** The address must have passed {@link vet}. @throws the errors of {@link ProductService.create} */
  async create(tx: TenantTx, input: NewProduct): Promise<SavedProduct> {
    const product = await this.products.create(tx, input);
    if (product.fulfilmentUrl === null) return { product, secret: null };
    const { tenantId } = tx;
    const secret = secretOf(randomBytes(SECRET_BYTES));
    const secretSealed = await this.box.seal(tx, secret, place(product.id, 'secret'));
    await tx.manager.insert(FulfilmentSecretRow, { tenantId, productId: product.id, secretSealed });
    return { product, secret };
  }

  /**
   * Rotates a product's secret. For 24 hours requests are signed with both secrets. A second rotation within a day
   * drops the oldest secret at once.
   * @returns the product and its new secret, which is never shown again
   * @throws NotFound, NoFulfilmentSecret
   */
  async rotateSecret(tx: TenantTx, productId: string): Promise<SavedProduct> {
    const { tenantId } = tx;
    const product = await this.products.get(tx, productId);
    const former = await tx.manager.findOne(FulfilmentSecretRow, {
      where: { tenantId, productId },
      lock: { mode: 'pessimistic_write' },
    });
    if (former === null) throw new NoFulfilmentSecret();
    const [secret, now] = [secretOf(randomBytes(SECRET_BYTES)), this.clock.now()];
    const formerSecret = await this.box.open(tx, former.secretSealed, place(productId, 'secret'));
    await tx.manager.update(
      FulfilmentSecretRow,
      { tenantId, productId },
      {
        secretSealed: await this.box.seal(tx, secret, place(productId, 'secret')),
        previousSecretSealed: await this.box.seal(tx, formerSecret, place(productId, 'previous_secret')),
        previousSecretUntil: new Date(now.getTime() + SECRET_OVERLAP_MS),
        updatedAt: now,
      },
    );
    return { product, secret };
  }

  /** Returns all secrets that currently sign requests. @throws NotFound */
  async secrets(tx: TenantTx, productId: string): Promise<string[]> {
    const { tenantId } = tx;
    const row = await tx.manager.findOneBy(FulfilmentSecretRow, { tenantId, productId });
    if (row === null) throw new NotFound('fulfilment secret');
    const secret = await this.box.open(tx, row.secretSealed, place(productId, 'secret'));
    const { previousSecretSealed: previous, previousSecretUntil: until } = row;
    if (previous === null || until === null || until <= this.clock.now()) return [secret];
    return [secret, await this.box.open(tx, previous, place(productId, 'previous_secret'))];
  }

  /** True when the product is sold in Telegram's test environment, for Stars that are not real. */
  async isTest(tx: TenantTx, productId: string): Promise<boolean> {
    const found = await tx.query(
      `select 1 from products p join bots b on b.tenant_id = p.tenant_id and b.id = p.bot_id
       where p.tenant_id = $1 and p.id = $2 and b.environment = 'test'`,
      [tx.tenantId, productId],
    );
    return found.length > 0;
  }
}
