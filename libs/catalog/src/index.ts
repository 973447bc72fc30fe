import { FileRow } from './files/file.entity.js';

export { CatalogModule, type CatalogOptions } from './catalog.module.js';
export { DirectoryStorage } from './files/directory.storage.js';
export { EmptyFile, FileTooLarge, MAX_FILE_BYTES, safeFileName, safeMime } from './files/file.js';
export { FileService, type KeptFile, type OpenFile, type Upload } from './files/file.service.js';
export { FileMissing, StorageUnavailable } from './files/file.storage.js';
export { StorageFull } from './files/storage-full.js';
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
} from './products/product.js';
export { FULFILMENT_SECONDS } from './kinds/kind-callback.js';
export { keyListOf } from './products/key-list.js';
export {
  checkedKeys,
  hintOf,
  InvalidKeys,
  KeyNotFree,
  LICENCE_KEY_STATES,
  type LicenceKeyState,
  type ListedKey,
  listedKeys,
  MAX_KEYS,
} from './products/licence-key.js';
export { type KeysAdded, LicenceKeyService, NoLicenceKeys } from './products/licence-key.service.js';
export type { LicenceKeyRow } from './products/licence-pool.entity.js';
export { LicencePool } from './products/licence-pool.service.js';
export { MAX_ACCESS_DAYS, MAX_GRACE_SECONDS } from './kinds/kind-chat-access.js';
export { MAX_LOW_STOCK } from './kinds/kind-licence-key.js';
export { MAX_MEDIA, MEDIA_TYPES, type MediaItem, type MediaType } from './kinds/kind-paid-media.js';
export { COMMAND, MAX_ARGUMENTS } from './kinds/kind-paid-command.js';
export { type ListedCommand, PaidCommandReader } from './products/paid-command.reader.js';
export { SUBSCRIPTION_PERIODS } from './kinds/kind-subscription.js';
export {
  chargedByPeriod,
  isChargedByPeriod,
  isInMenu,
  isPersonal,
  isPooled,
  isUnasked,
  PRODUCT_KINDS,
  type ProductKind,
  type ProductTerms,
  type TermsByKind,
  type TermsInput,
  type TermsKind,
} from './kinds/kinds.js';
export { type Goods, goodsOf, InvalidGoods, KEY, type OfferedGoods } from './products/product-goods.js';
export {
  type NewProduct,
  type ProductChange,
  type ProductFilter,
  ProductService,
  type ShopPage,
} from './products/product.service.js';
export { NotInShop } from './products/shop-order.js';
export { ShopOrder } from './products/shop-order.service.js';
export { ProductSearch } from './products/product-search.service.js';
export type { Product } from './products/terms.rows.js';
export { cardButton, cardText, type CardText, creditsOf, howToUse, postText } from './products/product-card.js';
export { ChatNotReady } from './products/product-chat.js';
export {
  priceView,
  priceViewSchema,
  productEventSchema,
  productEventView,
  productView,
  productViewSchema,
  stockWarningSchema,
  stockWarningView,
} from './products/product-view.js';
export { CONTENT, DESCRIPTION, LINK, TITLE } from './kinds/product-text.js';
export { type S3Settings, S3Storage } from './files/s3.storage.js';
export { FileRow };
export { CATALOG_TABLES } from './tables.js';
export { chatOfProduct, lockProductsOfChats, moveProducts, setChatReady } from './products/product-chat.rows.js';
export { forgetViews } from './products/product-view.rows.js';
