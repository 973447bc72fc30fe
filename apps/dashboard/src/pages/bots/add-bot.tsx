import { useSuspenseQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { installationQuery } from '../../api/everywhere';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { useTexts } from '../../texts';
import { BOTS_TEXTS } from '../../texts/bots';
import { botsChanged, makeSandboxBot, registerBot } from './queries';

interface AddBotProps {
  readonly onAdded?: (bot: Schema<'Bot'>) => unknown;
}

/** Adds a bot: with one click from the simulator, if there is one, and with a token from @BotFather everywhere. */
export function AddBot({ onAdded }: AddBotProps) {
  const { data: installation } = useSuspenseQuery(installationQuery);
  const texts = useTexts(BOTS_TEXTS);
  const added = async (bot: Schema<'Bot'>) => {
    await botsChanged();
    await onAdded?.(bot);
  };
  return (
    <div className="grid gap-6">
      {installation.simulator_url !== null && (
        <section className="grid gap-3" aria-label={texts.fromSimulator}>
          <p className="mut">{texts.simulatorText}</p>
          <SandboxForm onAdded={added} />
        </section>
      )}
      <details open={installation.simulator_url === null}>
        <summary className="btn">{texts.fromFather}</summary>
        <div className="mt-3">
          <TokenForm onAdded={added} />
        </div>
      </details>
    </div>
  );
}

type Added = (bot: Schema<'Bot'>) => Promise<void>;

function SandboxForm({ onAdded }: { readonly onAdded: Added }) {
  const texts = useTexts(BOTS_TEXTS);
  const saved = useSavedForm<Schema<'CreateSandboxBot'>, Schema<'Bot'>>({
    defaults: { name: texts.defaultName },
    save: makeSandboxBot,
    onSaved: onAdded,
  });
  return (
    <Form {...saved} className="grid gap-3">
      <TextField<Schema<'CreateSandboxBot'>> name="name" label={texts.name} hint={texts.nameHint} most={64} />
      <Button type="submit" kind="primary" className="justify-self-start" busy={saved.saving.isPending}>
        {texts.makeIt}
      </Button>
    </Form>
  );
}

interface TokenValues {
  token: string;
  isTest: boolean;
}

function TokenForm({ onAdded }: { readonly onAdded: Added }) {
  const texts = useTexts(BOTS_TEXTS);
  const saved = useSavedForm<TokenValues, Schema<'Bot'>>({
    defaults: { token: '', isTest: false },
    save: ({ token, isTest }) =>
      registerBot({ token: token.trim(), environment: isTest ? 'test' : 'production', take_over: false }),
    onSaved: onAdded,
  });
  return (
    <Form {...saved} className="grid gap-3">
      <TextField<TokenValues>
        name="token"
        label={texts.token}
        hint={texts.tokenHint}
        placeholder="123456789:AA…"
        autoComplete="off"
        spellCheck={false}
      />
      <label className="chk">
        <input type="checkbox" className="tick" {...saved.form.register('isTest')} />
        <span>
          <span className="m">{texts.testEnvironment}</span>
          <br />
          <span className="sm dim">{texts.testEnvironmentText}</span>
        </span>
      </label>
      <Button type="submit" className="justify-self-start" busy={saved.saving.isPending}>
        {texts.addIt}
      </Button>
    </Form>
  );
}
