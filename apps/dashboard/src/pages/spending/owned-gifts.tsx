import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { More } from '../../parts/more';
import { Part } from '../../parts/part';
import { ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { SPENDING_TEXTS } from '../../texts/spending';
import { convertGift, ownedGiftsQuery, transferGift, upgradeGift } from './queries';
import { SpendDialog } from './spend-dialog';

type Gift = Schema<'OwnedGift'>;
type Act = 'convert' | 'upgrade' | 'transfer';

interface Wish {
  readonly act: Act;
  readonly gift: Gift;
}

/** The actions that a gift and the account's rights allow. */
function actsOn(gift: Gift, rights: readonly string[]): readonly Act[] {
  if (gift.owned_gift_id === null) return [];
  const acts: Act[] = [];
  if (gift.convert_stars !== null && rights.includes('can_convert_gifts_to_stars')) acts.push('convert');
  if (!rights.includes('can_transfer_and_upgrade_gifts')) return acts;
  if (gift.can_be_upgraded) acts.push('upgrade');
  if (gift.can_be_transferred) acts.push('transfer');
  return acts;
}

const costOf = ({ act, gift }: Wish) =>
  (act === 'convert' ? gift.convert_stars : act === 'upgrade' ? gift.upgrade_stars : gift.transfer_stars) ?? 0;

export function OwnedGifts({ account }: { readonly account: Schema<'BusinessConnection'> }) {
  const texts = useTexts(SPENDING_TEXTS);
  const can = useCan();
  const [wish, setWish] = useState<Wish>();
  const query = useInfiniteQuery(ownedGiftsQuery(account.id));
  const gifts = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Part title={texts.owned}>
      {query.isError && gifts === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={3} />}
      {gifts?.length === 0 && <p className="mut">{texts.noGifts}</p>}
      <ul className="list">
        {gifts?.map((gift, n) => (
          <li key={gift.owned_gift_id ?? n} className="li min-h-12 flex-wrap">
            <span className="grow min-w-0">
              <span className="m cut block">{gift.name ?? texts.types[gift.type]}</span>
              <span className="sm dim">
                <Time at={gift.sent_at} />
              </span>
            </span>
            {can('spending:write') &&
              actsOn(gift, account.rights).map((act) => (
                <Button key={act} size="small" onClick={() => setWish({ act, gift })}>
                  {texts.acts[act]}
                </Button>
              ))}
          </li>
        ))}
      </ul>
      <More query={query} />
      {wish !== undefined && <ActDialog id={account.id} wish={wish} onClose={() => setWish(undefined)} />}
    </Part>
  );
}

interface Values {
  to: number | undefined;
}

interface ActDialogProps {
  readonly id: string;
  readonly wish: Wish;
  readonly onClose: () => void;
}

function ActDialog({ id, wish, onClose }: ActDialogProps) {
  const texts = useTexts(SPENDING_TEXTS);
  const cost = costOf(wish);
  const gift = wish.gift.owned_gift_id ?? '';
  const stars = <Stars amount={cost} />;
  return (
    <SpendDialog<Values>
      title={texts.actTitles[wish.act](stars)}
      sentence={texts.actTexts[wish.act]}
      defaults={{ to: undefined }}
      spend={({ to }, key) => {
        if (wish.act === 'convert') return convertGift(id, gift, cost, key);
        if (wish.act === 'upgrade') return upgradeGift(id, gift, cost, key);
        return transferGift(id, gift, to ?? 0, cost, key);
      }}
      act={() => texts.acts[wish.act]}
      done={texts.acted}
      onClose={onClose}
    >
      {wish.act === 'transfer' && (
        <TextField<Values>
          name="to"
          label={texts.newOwner}
          hint={texts.newOwnerHint}
          whole
          rules={{ validate: (value) => Number.isSafeInteger(value) || texts.wrongId }}
        />
      )}
    </SpendDialog>
  );
}
