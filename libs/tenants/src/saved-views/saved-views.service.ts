import { Injectable } from '@nestjs/common';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { newUuid, NotFound } from '#libs/kernel';
import type { Role } from '../accounts/scope.js';
import { MAX_VIEWS, mayRemoveView, seesView, TooManyViews, type ViewedList, ViewNotYours } from './saved-view.js';
import { SavedViewRow } from './saved-view.entity.js';

interface Viewer {
  readonly accountId: string;
  readonly role: Role;
}

export interface WantedView {
  readonly name: string;
  readonly filters: SavedViewRow['filters'];
  readonly shared: boolean;
}

/** Views of a list that members save, for themselves or for the workspace. */
@Injectable()
export class SavedViews {
  /**
   * The member's own and shared ones, newest first; those before a cursor are ordered from the nearest. @returns at
   * most `limit`
   */
  list(tx: TenantTx, list: ViewedList, { accountId }: Viewer, limit: number, cursor: Cursor): Promise<SavedViewRow[]> {
    const { tenantId } = tx;
    const views = tx.manager
      .createQueryBuilder(SavedViewRow, 'v')
      .where('v.tenantId = :tenantId and v.list = :list and (v.shared or v.accountId = :accountId)', {
        tenantId,
        list,
        accountId,
      });
    return seek(views, 'v.id', cursor).limit(limit).getMany();
  }

  /** Saves a view; one of the same member with that name is replaced. @throws TooManyViews */
  async save(
    tx: TenantTx,
    list: ViewedList,
    { accountId }: Viewer,
    { name, filters, shared }: WantedView,
  ): Promise<SavedViewRow> {
    const { tenantId } = tx;
    await tx.query('select from memberships where tenant_id = $1 and account_id = $2 for update', [
      tenantId,
      accountId,
    ]);
    const mine = await tx.manager.findBy(SavedViewRow, { tenantId, list, accountId });
    const id = mine.find((one) => one.name === name)?.id ?? newUuid();
    if (mine.every((one) => one.id !== id)) {
      if (mine.length >= MAX_VIEWS) throw new TooManyViews();
      await tx.manager.insert(SavedViewRow, { tenantId, id, accountId, list, name, filters, shared });
    } else await tx.manager.update(SavedViewRow, { tenantId, id }, { filters, shared });
    return tx.manager.findOneByOrFail(SavedViewRow, { tenantId, id });
  }

  /** Shares a view of the member with the workspace, or stops that. Idempotent. @throws NotFound, ViewNotYours */
  async share(tx: TenantTx, list: ViewedList, viewer: Viewer, id: string, shared: boolean): Promise<SavedViewRow> {
    const view = await this.find(tx, list, viewer, id);
    if (view.accountId !== viewer.accountId) throw new ViewNotYours();
    await tx.manager.update(SavedViewRow, { tenantId: tx.tenantId, id }, { shared });
    return { ...view, shared };
  }

  /** @throws NotFound, ViewNotYours */
  async remove(tx: TenantTx, list: ViewedList, viewer: Viewer, id: string): Promise<void> {
    const view = await this.find(tx, list, viewer, id);
    if (!mayRemoveView(viewer, view)) throw new ViewNotYours();
    await tx.manager.delete(SavedViewRow, { tenantId: tx.tenantId, id });
  }

  private async find(tx: TenantTx, list: ViewedList, viewer: Viewer, id: string): Promise<SavedViewRow> {
    const view = await tx.manager.findOne(SavedViewRow, {
      where: { tenantId: tx.tenantId, list, id },
      lock: { mode: 'pessimistic_write' },
    });
    if (view === null || !seesView(viewer, view)) throw new NotFound('view');
    return view;
  }
}
