import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schema } from '#libs/client';
import { installationQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { LinkButton, OutLink } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { Stars } from '../../parts/stars';
import { Course } from '../../parts/states';
import { Chat, InvoiceCard } from '../../parts/telegram';
import { useTexts } from '../../texts';
import { HOME_TEXTS } from '../../texts/home';
import { AddBot } from '../bots/add-bot';
import { chatUrl } from '../bots/bot-details';

interface FirstSaleProps {
  readonly bot: Schema<'Bot'> | undefined;
  readonly product: Schema<'Product'> | undefined;
}

const STEPS = 4;

/** The checklist from nothing to the first sale. It disappears with the first order. */
export function FirstSale({ bot, product }: FirstSaleProps) {
  const texts = useTexts(HOME_TEXTS);
  const can = useCan();
  const done = bot === undefined ? 0 : product === undefined ? 1 : 2;
  return (
    <div className="c2">
      <section className="sec flat">
        <p className="headline">{texts.first(STEPS - 1 - done)}</p>
        <p className="mut mt-1 mb-8">{texts.firstText}</p>
        <ol className="steps">
          <Step number={1} done={done} title={texts.addBot}>
            {bot === undefined ? (
              <>
                <p>{texts.addBotText}</p>
                {can('bots:write') && (
                  <div className="act">
                    <AddBot />
                  </div>
                )}
              </>
            ) : (
              <p>{texts.botConnected(bot.name, bot.username, bot.token_last4)}</p>
            )}
          </Step>
          <Step number={2} done={done} title={texts.makeProduct}>
            {product === undefined ? (
              <>
                <p>{texts.makeProductText}</p>
                {done === 1 && can('products:write') && (
                  <div className="act">
                    <LinkButton to="/products/new" kind="primary" className="justify-self-start">
                      {texts.makeProduct}
                    </LinkButton>
                  </div>
                )}
              </>
            ) : (
              <p>{texts.madeProduct(product.title, <Stars amount={product.stars} />)}</p>
            )}
          </Step>
          <Step number={3} done={done} title={texts.buyYourself}>
            <BuyIt bot={bot} isNow={done === 2} />
          </Step>
          <Step number={4} done={done} title={texts.share}>
            <p>{texts.shareText}</p>
          </Step>
        </ol>
      </section>
      <section className="sec flat pt-2" aria-label={texts.whatBuyerSees}>
        <p className="lab dim mb-2">{texts.whatBuyerSees}</p>
        <Chat label={texts.whatBuyerSees}>
          <InvoiceCard
            title={product?.title ?? ''}
            description={product?.description ?? ''}
            stars={product?.stars ?? 50}
          />
        </Chat>
        <div className="sec mt-6">
          <h2 className="mb-4">{texts.starsLast30}</h2>
          <Course wide />
          <p className="sm dim mt-2">{texts.oneBrick(<Stars amount={50} />)}</p>
        </div>
      </section>
    </div>
  );
}

function BuyIt({ bot, isNow }: { readonly bot: Schema<'Bot'> | undefined; readonly isNow: boolean }) {
  const texts = useTexts(HOME_TEXTS);
  const { data: installation } = useSuspenseQuery(installationQuery);
  const isSimulated = installation.simulator_url !== null;
  return (
    <>
      <p>{isSimulated ? texts.buyYourselfText : texts.buyYourselfReal}</p>
      {isNow && bot !== undefined && (
        <div className="act">
          <div className="row">
            <OutLink kind="primary" href={chatUrl(installation, bot.username)}>
              {isSimulated ? texts.openAsBuyer : texts.openInTelegram}
            </OutLink>
          </div>
          <p className="sm dim row">
            <span className="spin" aria-hidden="true" />
            {texts.waiting}
          </p>
        </div>
      )}
    </>
  );
}

interface StepProps {
  readonly number: number;
  /** Number of completed steps. */
  readonly done: number;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, done, title, children }: StepProps) {
  const texts = useTexts(HOME_TEXTS);
  const isDone = number <= done;
  const isNow = number === done + 1;
  return (
    <li className={`step${isDone ? ' done' : ''}${isNow ? ' now' : ''}`} aria-current={isNow ? 'step' : undefined}>
      {isDone ? (
        <span className="no" role="img" aria-label={texts.done}>
          <Icon name="check" small />
        </span>
      ) : (
        <span className="no">{number}</span>
      )}
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
}
