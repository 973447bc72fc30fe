import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { toast } from '../../parts/toast';
import { BOT_SETTINGS_TEXTS } from '../../texts/bot-settings';
import { COMMON_TEXTS } from '../../texts/common';
import { useTexts } from '../../texts';
import { botsChanged, changeBot } from './queries';

interface Values {
  support_text: string;
  terms_text: string;
  terms_version: string;
}

const SUPPORT = 1_000;
const TERMS = 4_000;
const VERSION = 40;
const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

/** The bot's answers to /paysupport and /terms. */
export function BotSettings({ bot }: { readonly bot: Schema<'Bot'> }) {
  const texts = useTexts(BOT_SETTINGS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: {
      support_text: bot.support_text ?? '',
      terms_text: bot.terms_text ?? '',
      terms_version: bot.terms_version ?? '',
    },
    save: (values) =>
      changeBot(bot.id, {
        support_text: orNull(values.support_text),
        terms_text: orNull(values.terms_text),
        terms_version: orNull(values.terms_version),
      }),
    onSaved: async () => {
      saved.form.reset(saved.form.getValues());
      await botsChanged();
      toast(common.saved);
    },
  });
  return (
    <Part title={texts.answers} text={texts.answersText}>
      <Form {...saved} className="grid max-w-160 gap-4">
        <TextArea<Values> name="support_text" label={texts.support} placeholder={texts.standard} maxLength={SUPPORT} />
        <TextArea<Values> name="terms_text" label={texts.terms} placeholder={texts.standard} maxLength={TERMS} />
        <TextField<Values>
          name="terms_version"
          label={texts.version}
          hint={texts.versionHint}
          placeholder={texts.noVersion}
          maxLength={VERSION}
        />
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
    </Part>
  );
}
