import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { type Capability, CAN, TenantRestricted } from './tenant.js';
import { TenantRow } from './tenant.entity.js';

@Injectable()
export class TenantStore {
  /** @throws NotFound when there is no such tenant */
  async get(tx: TenantTx): Promise<TenantRow> {
    const tenant = await tx.manager.findOneBy(TenantRow, { id: tx.tenantId });
    if (tenant === null) throw new NotFound('workspace');
    return tenant;
  }

  /** @throws TenantRestricted when the tenant's state closes `capability` */
  async require(tx: TenantTx, capability: Capability): Promise<void> {
    const { state } = await this.get(tx);
    if (!CAN[state][capability]) throw new TenantRestricted(capability);
  }
}
