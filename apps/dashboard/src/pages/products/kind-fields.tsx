import { CheckField } from '../../parts/check-field';
import { DurationField } from '../../parts/duration-field';
import { TextArea, TextField } from '../../parts/field';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { ChatChoice } from './chat-choice';
import type { ProductValues } from './product-values';
import { useRules } from './rules';

const CONTENT = 4_096;
const [HOUR, DAY] = [3_600, 86_400];
const GRACES = [0, HOUR, DAY, 3 * DAY, 7 * DAY];
const DEADLINES = [60, 15 * 60, HOUR, DAY, 3 * DAY, 7 * DAY];
const REMINDERS = [0, DAY, 3 * DAY, 7 * DAY];

export interface FieldsProps {
  readonly isNew: boolean;
  readonly botId: string;
}

export function Written({ kind }: { readonly kind: 'text' | 'link' }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <TextArea<ProductValues>
      name="content"
      label={texts[kind]}
      hint={kind === 'text' ? texts.textHint : texts.linkHint}
      rows={kind === 'text' ? 4 : 1}
      most={CONTENT}
      rules={rules.text(CONTENT)}
    />
  );
}

export function Credits({ isNew }: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <>
      <div className="two">
        <TextField<ProductValues>
          name="credits.amount"
          label={texts.creditAmount}
          whole
          disabled={!isNew}
          rules={rules.whole}
        />
        <TextField<ProductValues>
          name="credits.unit"
          label={texts.creditUnit}
          hint={texts.creditUnitHint}
          disabled={!isNew}
          rules={rules.text(32)}
        />
      </div>
      <TextField<ProductValues>
        name="credits.expires_after_days"
        label={texts.creditDays}
        placeholder={texts.forEver}
        whole
        disabled={!isNew}
        rules={rules.limit}
      />
      {!isNew && <p className="sm dim">{texts.creditsFixed}</p>}
    </>
  );
}

/** The address of the creator's server that makes the goods. */
export function Server({ isNew }: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <>
      <TextField<ProductValues>
        name="fulfilment_url"
        label={texts.serverUrl}
        hint={texts.serverUrlHint}
        placeholder="https://"
        inputMode="url"
        rules={rules.text(2_048)}
      />
      {isNew && (
        <>
          <DurationField<ProductValues>
            name="fulfilment_deadline_seconds"
            label={texts.deadline}
            hint={texts.deadlineHint}
            choices={DEADLINES}
          />
          <CheckField<ProductValues>
            name="refund_at_deadline"
            label={texts.refundAtDeadline}
            hint={texts.refundAtDeadlineText}
          />
        </>
      )}
    </>
  );
}

export function Subscription({ isNew, botId }: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  return (
    <>
      {isNew && <ChatChoice botId={botId} optional />}
      <div className="two">
        <DurationField<ProductValues>
          name="subscription.grace_seconds"
          label={texts.grace}
          hint={texts.graceHint}
          choices={GRACES}
          none={texts.noGrace}
        />
        <DurationField<ProductValues>
          name="subscription.remind_seconds"
          label={texts.remind}
          hint={texts.remindHint}
          choices={REMINDERS}
          none={texts.never}
        />
      </div>
      <CheckField<ProductValues> name="subscription.win_back" label={texts.winBack} hint={texts.winBackText} />
    </>
  );
}

export function Command(props: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <>
      <TextField<ProductValues>
        name="paid_command.command"
        label={texts.command}
        hint={texts.commandHint}
        before={<span className="dim">/</span>}
        rules={rules.text(33)}
      />
      <div className="two">
        <TextField<ProductValues>
          name="paid_command.credit_amount"
          label={texts.orCredits}
          placeholder={texts.starsOnly}
          whole
          rules={rules.limit}
        />
        <TextField<ProductValues>
          name="paid_command.credit_unit"
          label={texts.creditUnit}
          placeholder={texts.starsOnly}
        />
      </div>
      <CheckField<ProductValues>
        name="paid_command.needs_arguments"
        label={texts.needsWords}
        hint={texts.needsWordsText}
      />
      <Server {...props} />
    </>
  );
}

export function ChatAccess({ isNew, botId }: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <>
      {isNew && <ChatChoice botId={botId} />}
      <div className="two">
        <TextField<ProductValues>
          name="chat_access.days"
          label={texts.accessDays}
          placeholder={texts.forEver}
          whole
          disabled={!isNew}
          rules={rules.limit}
        />
        <DurationField<ProductValues>
          name="chat_access.grace_seconds"
          label={texts.accessGrace}
          hint={texts.accessGraceHint}
          choices={GRACES}
          none={texts.noGrace}
        />
      </div>
    </>
  );
}

export function LicenceKey({ isNew }: FieldsProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  return (
    <>
      {isNew && <p className="sm mut">{texts.keysLater}</p>}
      <TextField<ProductValues>
        name="licence_key.low_stock_at"
        label={texts.lowStock}
        hint={texts.lowStockHint}
        placeholder={texts.never}
        whole
        rules={rules.limit}
      />
    </>
  );
}
