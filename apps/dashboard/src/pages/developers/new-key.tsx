import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { COMMON_TEXTS } from '../../texts/common';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useTexts } from '../../texts';
import { createKey } from './queries';

type Scope = Schema<'CreateApiKey'>['scopes'][number];

/** The scopes that a key can have. */
export const KEY_SCOPES = [
  'orders:read',
  'orders:write',
  'refunds:write',
  'products:read',
  'products:write',
  'bots:read',
  'bots:write',
  'credits:read',
  'credits:write',
  'support:read',
  'support:write',
  'endpoints:read',
  'endpoints:write',
  'spending:write',
  'buyers:erase',
  'usage:read',
  'audit:read',
  'export:read',
] as const satisfies readonly Scope[];

interface Values {
  name: string;
  scopes: Scope[];
  days: number;
}

const NAME = 100;
const DAY = 86_400_000;
const LENGTHS = [30, 90, 365, 0] as const;

interface NewKeyProps {
  readonly onClose: () => void;
  readonly onMade: (key: string) => unknown;
}

/** A key gets the ticked scopes; only those of its creator are offered. */
export function NewKey({ onClose, onMade }: NewKeyProps) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const can = useCan();
  const saved = useSavedForm<Values, Schema<'NewApiKey'>>({
    defaults: { name: '', scopes: ['orders:read'], days: 0 },
    save: ({ name, scopes, days }) =>
      createKey({
        name: name.trim(),
        scopes,
        ...(days === 0 ? {} : { expires_at: new Date(Date.now() + days * DAY).toISOString() }),
      }),
    onSaved: ({ key }) => onMade(key),
  });
  return (
    <Dialog open onClose={onClose} title={texts.newKey} sentence={texts.newKeyText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values> name="name" label={texts.keyName} most={NAME} rules={{ required: texts.fillIn }} />
        <SelectField<Values>
          name="days"
          label={texts.validFor}
          choices={LENGTHS.map((days) => ({ value: String(days), label: texts.lengths(days) }))}
          isNumber
        />
        <fieldset className="ticks">
          <legend className="lab">{texts.may}</legend>
          {KEY_SCOPES.filter((scope) => can(scope)).map((scope) => (
            <label key={scope} className="chk">
              <input type="checkbox" className="tick" value={scope} {...saved.form.register('scopes')} />
              <span>{texts.scopes[scope]}</span>
            </label>
          ))}
        </fieldset>
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.makeKey}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
