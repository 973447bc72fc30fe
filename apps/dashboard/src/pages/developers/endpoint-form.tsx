import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { COMMON_TEXTS } from '../../texts/common';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { FAMILY_TEXTS } from '../../texts/event-families';
import { useTexts } from '../../texts';
import type { Family } from '../../live/changes';
import { FAMILIES, typesOf, wholeFamilies } from '../../live/event-types';
import { changeEndpoint, createEndpoint } from './queries';

interface Values {
  url: string;
  description: string;
  event_types: Family[];
}

interface EndpointFormProps {
  /** If omitted, a new endpoint is created. */
  readonly endpoint?: Schema<'Endpoint'>;
  readonly onClose: () => void;
  readonly onSaved: (endpoint: Schema<'Endpoint'> | Schema<'NewEndpoint'>) => unknown;
}

export function EndpointForm({ endpoint, onClose, onSaved }: EndpointFormProps) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const families = useTexts(FAMILY_TEXTS);
  const before = endpoint?.event_types ?? [];
  const saved = useSavedForm<Values, Schema<'Endpoint'> | Schema<'NewEndpoint'>>({
    defaults: {
      url: endpoint?.url ?? '',
      description: endpoint?.description ?? '',
      event_types: [...wholeFamilies(before)],
    },
    save: ({ url, description, event_types: chosen }) => {
      const body = {
        url: url.trim(),
        description: description.trim() === '' ? null : description.trim(),
        event_types: typesOf(chosen, before),
      };
      return endpoint === undefined ? createEndpoint(body) : changeEndpoint(endpoint.id, body);
    },
    onSaved,
  });
  const name = endpoint === undefined ? texts.addEndpoint : texts.changeEndpoint;
  return (
    <Dialog open onClose={onClose} title={name} sentence={texts.addEndpointText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="url"
          label={texts.url}
          hint={texts.urlHint}
          placeholder="https://"
          inputMode="url"
          rules={{ required: texts.fillIn }}
        />
        <TextField<Values> name="description" label={texts.description} placeholder={texts.optional} />
        <fieldset className="ticks">
          <legend className="lab">{texts.eventTypes}</legend>
          <p className="hint">{texts.familiesHint}</p>
          {FAMILIES.map((family) => (
            <label key={family} className="chk">
              <input type="checkbox" className="tick" value={family} {...saved.form.register('event_types')} />
              <span>{families[family]}</span>
            </label>
          ))}
        </fieldset>
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {endpoint === undefined ? texts.addEndpoint : texts.saveEndpoint}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
