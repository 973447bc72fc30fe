import { isPooled, type ProductKind } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';

/** The parts of a payment other than the money; they follow from the product. */
export interface Duties {
  /** The product has limited stock. */
  readonly counted: boolean;
  /** Each order gets a key of the product's pool. */
  readonly pooled: boolean;
  /** The creator's server makes the goods. */
  readonly made: boolean;
  readonly addsCredits: boolean;
  readonly opensChat: boolean;
}

export type DutyColumns = Omit<Duties, 'pooled'> & { readonly productKind: ProductKind };

/** The columns of a product `p` that {@link dutiesOf} reads. */
export const DUTY_COLUMNS = `p.kind as "productKind", p.stock is not null as counted, p.fulfilment_deadline_seconds is not null as made,
  p.credit_amount is not null as "addsCredits", p.chat_id is not null as "opensChat"`;

/** A product as its buyer gets it. */
export interface Goods {
  readonly kind: ProductKind;
  readonly title: string;
  readonly content: string | null;
  readonly fileId: string | null;
  readonly chatId: string | null;
  /** Of the buyer's app, as Telegram last reported it. */
  readonly languageCode: string | null;
}

export type GoodsColumns = Omit<Goods, 'kind'>;

/** For a product `p` and a buyer `y`. */
export const GOODS_COLUMNS = `p.title, p.content, p.file_id as "fileId", p.chat_id as "chatId", y.language_code as "languageCode"`;

export const dutiesOf = ({ productKind, ...columns }: DutyColumns): Duties => ({
  ...columns,
  pooled: isPooled(productKind),
});

/** @throws NotFound */
export async function dutiesOfProduct(tx: TenantTx, productId: string): Promise<Duties> {
  const query = `select ${DUTY_COLUMNS} from products p where p.tenant_id = $1 and p.id = $2`;
  const [row] = await tx.query<DutyColumns>(query, [tx.tenantId, productId]);
  if (row === undefined) throw new NotFound('product');
  return dutiesOf(row);
}
