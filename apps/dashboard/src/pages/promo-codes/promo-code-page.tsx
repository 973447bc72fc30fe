import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery, installationQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { CopyLine } from '../../parts/copy-line';
import { Form, useSavedForm } from '../../parts/form';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { PROMO_TEXTS } from '../../texts/promo-codes';
import { useFormat, useTexts } from '../../texts';
import { bodyOf, CodeLimits, limitsOf, type LimitValues } from './code-limits';
import { CODE_TONES, codeState } from './code-state';
import { Discount } from './discount';
import { changeCode, codeQuery, codesChanged, productsOfBotQuery, setCodeValid } from './queries';

export function PromoCodePage() {
  const texts = useTexts(PROMO_TEXTS);
  const { id } = useParams({ from: '/shell/promo-codes/$id' });
  const { data: code, error, refetch } = useQuery(codeQuery(id));
  if (code !== undefined) return <Code key={code.updated_at} code={code} />;
  return (
    <Page title={texts.title} back={{ to: '/promo-codes', label: texts.back }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Code({ code }: { readonly code: Schema<'PromoCode'> }) {
  const texts = useTexts(PROMO_TEXTS);
  const { number } = useFormat();
  const can = useCan();
  const state = codeState(code, new Date());
  const facts = [
    { name: texts.off, value: <Discount code={code} /> },
    {
      name: texts.used,
      value: code.max_uses === null ? number(code.uses) : texts.usedOf(number(code.uses), number(code.max_uses)),
    },
    { name: texts.paid, value: number(code.orders_paid) },
    { name: texts.given, value: <Stars amount={code.stars_given_away} /> },
  ];
  return (
    <Page
      title={code.code}
      width="read"
      back={{ to: '/promo-codes', label: texts.back }}
      beside={<Badge tone={CODE_TONES[state]}>{texts.states[state]}</Badge>}
      actions={can('products:write') && <Validity code={code} />}
    >
      <dl className="facts mt-2! border-t-0!">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>{value}</b>
            </dd>
          </div>
        ))}
      </dl>
      <Where code={code} />
      <Part title={texts.limits}>
        {can('products:write') ? <Limits code={code} /> : <p className="mut">{texts.readOnly}</p>}
      </Part>
    </Page>
  );
}

/** Shows the ways to use the code. */
function Where({ code }: { readonly code: Schema<'PromoCode'> }) {
  const texts = useTexts(PROMO_TEXTS);
  const { data: installation } = useSuspenseQuery(installationQuery);
  const { data: bots = [] } = useQuery(botsQuery);
  const { data: products = [] } = useQuery(productsOfBotQuery(code.bot_id));
  const bot = bots.find(({ id }) => id === code.bot_id);
  const product = products.find(({ id }) => id === code.product_id);
  return (
    <Part title={texts.where} text={installation.simulator_url === null ? texts.whereText : texts.whereTextSandbox}>
      <div className="grid max-w-120 gap-2">
        <CopyLine text={`/promo ${code.code}`} />
        {bot !== undefined && installation.simulator_url === null && (
          <CopyLine text={`https://t.me/${bot.username}?start=promo_${code.code}`} />
        )}
      </div>
      <dl className="kv mt-4">
        <dt>{texts.bot}</dt>
        <dd>{bot?.name}</dd>
        <dt>{texts.product}</dt>
        <dd>{code.product_id === null ? texts.allProducts : (product?.title ?? <IdChip id={code.product_id} />)}</dd>
        <dt>{texts.id}</dt>
        <dd>
          <IdChip id={code.id} />
        </dd>
      </dl>
    </Part>
  );
}

function Limits({ code }: { readonly code: Schema<'PromoCode'> }) {
  const common = useTexts(COMMON_TEXTS);
  const texts = useTexts(PROMO_TEXTS);
  const saved = useSavedForm<LimitValues, unknown>({
    defaults: limitsOf(code),
    save: (values) => changeCode(code.id, bodyOf(values)),
    onSaved: async () => {
      await codesChanged();
      toast(common.saved);
    },
  });
  return (
    <Form {...saved} className="grid max-w-160 gap-4">
      <CodeLimits />
      <Button
        type="submit"
        kind="primary"
        className="justify-self-start"
        disabled={!saved.form.formState.isDirty}
        busy={saved.saving.isPending}
      >
        {texts.save}
      </Button>
    </Form>
  );
}

/** Ends a code after a confirmation, or makes it valid again. */
function Validity({ code }: { readonly code: Schema<'PromoCode'> }) {
  const texts = useTexts(PROMO_TEXTS);
  const [asking, setAsking] = useState(false);
  const isActive = code.state === 'active';
  const moving = useMutation({
    mutationFn: () => setCodeValid(code.id, !isActive),
    onSuccess: async () => {
      setAsking(false);
      await codesChanged();
    },
  });
  if (!isActive)
    return (
      <>
        {moving.isError && <ProblemNote error={moving.error} />}
        <Button busy={moving.isPending} onClick={() => moving.mutate()}>
          {texts.activate}
        </Button>
      </>
    );
  return (
    <>
      <Button onClick={() => setAsking(true)}>{texts.archive}</Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.archiveTitle(code.code)}
        sentence={texts.archiveText}
        keep={texts.keep}
        act={texts.archive}
        doing={moving}
      />
    </>
  );
}
