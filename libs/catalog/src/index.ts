import { FileRow } from './file.entity.js';

export { CatalogModule, type CatalogOptions } from './catalog.module.js';
export { DirectoryStorage } from './directory.storage.js';
export { EmptyFile, FileTooLarge, MAX_FILE_BYTES, safeFileName, safeMime } from './file.js';
export { FileService, type KeptFile, type OpenFile, type Upload } from './file.service.js';
export { FileMissing, StorageUnavailable } from './file.storage.js';
export {
  InvalidProduct,
  invoiceDescription,
  MAX_POSITION,
  MAX_PRICE,
  MAX_STOCK,
  MAX_TAGS,
  type Unsellable,
  PRODUCT_MOVES,
  ProductNotActive,
  PRODUCT_STATES,
  type ProductFacts,
  type ProductInput,
  type ProductState,
  productOf,
  sellable,
} from './product.js';
export { FULFILMENT_SECONDS } from './kind-callback.js';
export {
  checkedKeys,
  hintOf,
  InvalidKeys,
  KeyNotFree,
  LICENCE_KEY_STATES,
  type LicenceKeyState,
  type ListedKey,
  listedKeys,
  MAX_KEY_LIST,
  MAX_KEYS,
} from './licence-key.js';
export { type KeysAdded, LicenceKeyService, NoLicenceKeys } from './licence-key.service.js';
export type { LicenceKeyRow } from './licence-pool.entity.js';
export { LicencePool } from './licence-pool.service.js';
export { MAX_ACCESS_DAYS, MAX_GRACE_SECONDS } from './kind-chat-access.js';
export { MAX_LOW_STOCK } from './kind-licence-key.js';
export { MAX_MEDIA, MEDIA_TYPES, type MediaItem, type MediaType } from './kind-paid-media.js';
export { COMMAND, MAX_ARGUMENTS } from './kind-paid-command.js';
export { type ListedCommand, PaidCommandReader } from './paid-command.reader.js';
export { SUBSCRIPTION_PERIODS } from './kind-subscription.js';
export {
  chargedByPeriod,
  isChargedByPeriod,
  isInMenu,
  isPersonal,
  isUnasked,
  PRODUCT_KINDS,
  type ProductKind,
  type ProductTerms,
  type TermsByKind,
  type TermsInput,
  type TermsKind,
} from './kinds.js';
export { type Goods, goodsOf, InvalidGoods, KEY, type OfferedGoods } from './product-goods.js';
export {
  type NewProduct,
  type ProductChange,
  type ProductFilter,
  ProductService,
  type ShopPage,
} from './product.service.js';
export { ProductSearch } from './product-search.service.js';
export type { Product } from './terms.rows.js';
export { cardButton, cardText, type CardText, creditsOf, howToUse, postText } from './product-card.js';
export { ChatNotReady } from './product-chat.js';
export {
  priceView,
  priceViewSchema,
  productEventSchema,
  productEventView,
  productView,
  productViewSchema,
  stockWarningSchema,
  stockWarningView,
} from './product-view.js';
export { CONTENT, DESCRIPTION, LINK, TITLE } from './product-text.js';
export { type S3Settings, S3Storage } from './s3.storage.js';
export { FileRow };
export { CATALOG_TABLES } from './tables.js';
export { chatOfProduct, lockProductsOfChats, moveProducts, setChatReady } from './product-chat.rows.js';
