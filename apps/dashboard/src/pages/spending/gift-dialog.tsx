import { useQuery } from '@tanstack/react-query';
import { useFormContext } from 'react-hook-form';
import type { Schema } from '#libs/client';
import { CheckField } from '../../parts/check-field';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { ProblemNote } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { SPENDING_TEXTS } from '../../texts/spending';
import { giftsQuery, givePremium, sendGift } from './queries';
import { SpendDialog } from './spend-dialog';

interface Values {
  to: number | undefined;
  /** A gift's id, or a number of months. */
  what: string;
  upgrade: boolean;
  text: string;
}

/** Telegram's prices of Premium by months, in whole Stars. The API refuses another price. */
const PREMIUM = [
  [3, 1_000],
  [6, 1_500],
  [12, 2_500],
] as const;
const LETTER = 128;

const premiumOf = (what: string) => PREMIUM.find(([months]) => what === `premium ${String(months)}`);
const idOf = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;

interface GiftDialogProps {
  readonly botId: string;
  /** The receiver; without one the form asks for it. */
  readonly to?: number;
  readonly onClose: () => void;
}

/** A gift or Telegram Premium for a person, paid by the bot. */
export function GiftDialog({ botId, to, onClose }: GiftDialogProps) {
  const texts = useTexts(SPENDING_TEXTS);
  const { data: gifts, error } = useQuery(giftsQuery(botId));
  const priceOf = ({ what, upgrade }: Values) => {
    const gift = gifts?.find(({ id }) => id === what);
    return gift === undefined ? (premiumOf(what)?.[1] ?? 0) : gift.stars + (upgrade ? (gift.upgrade_stars ?? 0) : 0);
  };
  const spend = (values: Values, key: Parameters<typeof sendGift>[2]) => {
    const text = values.text.trim();
    const shared = {
      user_telegram_id: values.to ?? 0,
      max_stars: priceOf(values),
      ...(text === '' ? {} : { text }),
    };
    const premium = premiumOf(values.what);
    return premium === undefined
      ? sendGift(botId, { ...shared, gift_id: values.what, pay_for_upgrade: values.upgrade }, key)
      : givePremium(botId, { ...shared, months: premium[0] }, key);
  };
  return (
    <SpendDialog<Values>
      title={texts.giveTitle}
      sentence={texts.giveText}
      defaults={{ to, what: gifts?.[0]?.id ?? 'premium 3', upgrade: false, text: '' }}
      spend={spend}
      act={(values) => texts.giveFor(<Stars amount={priceOf(values)} />)}
      done={texts.given}
      onClose={onClose}
    >
      {error !== null && <ProblemNote error={error} />}
      {error === null && gifts === undefined && <Skeleton lines={1} />}
      {to === undefined && (
        <TextField<Values>
          name="to"
          label={texts.receiver}
          hint={texts.receiverHint}
          whole
          rules={{ validate: (value) => idOf(value) || texts.wrongId }}
        />
      )}
      {gifts !== undefined && <Choice gifts={gifts} />}
      <TextArea<Values>
        name="text"
        label={texts.letter}
        placeholder={texts.optional}
        most={LETTER}
        maxLength={LETTER}
      />
    </SpendDialog>
  );
}

function Choice({ gifts }: { readonly gifts: readonly Schema<'Gift'>[] }) {
  const texts = useTexts(SPENDING_TEXTS);
  const { number, stars } = useFormat();
  const what = useFormContext<Values>().watch('what');
  const upgrade = gifts.find(({ id }) => id === what)?.upgrade_stars ?? null;
  const left = ({ remaining_count: count }: Schema<'Gift'>) => (count === null ? '' : `, ${texts.left(number(count))}`);
  return (
    <>
      <SelectField<Values>
        name="what"
        label={texts.what}
        choices={[
          ...gifts.map((gift) => ({
            value: gift.id,
            label: `${gift.emoji ?? texts.gift} ${stars(gift.stars)}${left(gift)}`,
          })),
          ...PREMIUM.map(([months, price]) => ({
            value: `premium ${String(months)}`,
            label: `${texts.premium(months)} ${stars(price)}`,
          })),
        ]}
      />
      {upgrade !== null && (
        <CheckField<Values> name="upgrade" label={texts.payUpgrade} hint={texts.payUpgradeHint(number(upgrade))} />
      )}
    </>
  );
}
