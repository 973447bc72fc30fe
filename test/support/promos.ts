import type { NewPromo } from '../../libs/sales/src/promo/promo.service.js';

/** A promo code without limits that takes off 20 %. */
export const SPRING: Omit<NewPromo, 'botId'> = {
  code: 'spring',
  productId: null,
  percentOff: 20,
  starsOff: null,
  maxUses: null,
  maxUsesPerBuyer: null,
  startsAt: null,
  endsAt: null,
};
