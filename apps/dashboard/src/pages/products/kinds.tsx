import type { ReactNode } from 'react';
import type { IconName } from '../../parts/icon';
import { GoodsFile } from './goods-file';
import {
  ChatAccess,
  Command,
  Credits,
  type FieldsProps,
  LicenceKey,
  Server,
  Subscription,
  Written,
} from './kind-fields';
import { MediaFields } from './media-fields';
import * as terms from './product-terms';
import type { Kind, ProductValues } from './product-values';

interface KindOfProduct {
  readonly icon: IconName;
  readonly fields: (props: FieldsProps) => ReactNode;
  /** The part of a request that depends on the kind. */
  readonly terms: (values: ProductValues) => terms.Terms;
  /** Its stock cannot be set: the stock of keys is their number. */
  readonly stock?: false;
  /** Purchases per buyer cannot be limited, because Telegram unlocks media without a pre-checkout. */
  readonly limit?: false;
  /** The price may be 0, because it can be paid with credits. */
  readonly free?: true;
}

/** Every kind of product, in the order in which the editor offers them. */
export const KINDS: Readonly<Record<Kind, KindOfProduct>> = {
  text: { icon: 'text', fields: () => <Written kind="text" />, terms: terms.ofWritten },
  link: { icon: 'link', fields: () => <Written kind="link" />, terms: terms.ofWritten },
  file: { icon: 'file', fields: () => <GoodsFile />, terms: terms.ofFile },
  paid_media: {
    icon: 'image',
    fields: () => <MediaFields />,
    terms: terms.ofPaidMedia,
    stock: false,
    limit: false,
  },
  licence_key: {
    icon: 'key',
    fields: (props) => <LicenceKey {...props} />,
    terms: terms.ofLicenceKey,
    stock: false,
  },
  credits: { icon: 'credits', fields: (props) => <Credits {...props} />, terms: terms.ofCredits },
  subscription: { icon: 'subs', fields: (props) => <Subscription {...props} />, terms: terms.ofSubscription },
  chat_access: { icon: 'lock', fields: (props) => <ChatAccess {...props} />, terms: terms.ofChatAccess },
  callback: { icon: 'report', fields: (props) => <Server {...props} />, terms: terms.ofCallback },
  paid_command: { icon: 'slash', fields: (props) => <Command {...props} />, terms: terms.ofPaidCommand, free: true },
};
