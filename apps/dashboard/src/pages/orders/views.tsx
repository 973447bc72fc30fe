import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button, IconButton } from '../../parts/button';
import { CheckField } from '../../parts/check-field';
import { Confirm } from '../../parts/confirm';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { VIEWS_TEXTS } from '../../texts/views';
import { ORDERS_TEXTS } from '../../texts/orders';
import { type OrderFilters, readOrderFilters, VIEWS } from './filters';
import { removeView, saveView, shareView, viewsChanged, viewsQuery } from './saved-views';

type View = Schema<'OrderView'>;

const SAME = { exact: true, includeSearch: true } as const;
const keyOf = (filters: OrderFilters) =>
  JSON.stringify(Object.entries(filters).toSorted(([a], [b]) => a.localeCompare(b)));

/** Predefined and saved views, as tabs. */
export function Views({ filters }: { readonly filters: OrderFilters }) {
  const orders = useTexts(ORDERS_TEXTS);
  const texts = useTexts(VIEWS_TEXTS);
  const can = useCan();
  const { data: saved = [] } = useQuery({ ...viewsQuery, enabled: can('self') });
  const now = keyOf(filters);
  return (
    <nav className="views" aria-label={orders.views}>
      {VIEWS.map((view) => (
        <Link key={view.name} to="/orders" search={view.filters} className="view" activeOptions={SAME}>
          {orders[view.name]}
        </Link>
      ))}
      {saved.map((view) => (
        <span key={view.id} className="row gap-0">
          <Link to="/orders" search={readOrderFilters(view.filters)} className="view" activeOptions={SAME}>
            {view.name}
            {view.shared && (
              <>
                <Icon name="team" />
                <span className="vh">{texts.sharedWith}</span>
              </>
            )}
          </Link>
          {keyOf(readOrderFilters(view.filters)) === now && <ViewActions view={view} />}
        </span>
      ))}
    </nav>
  );
}

/** Sharing and removing the view that is shown. */
function ViewActions({ view }: { readonly view: View }) {
  const texts = useTexts(VIEWS_TEXTS);
  const [asking, setAsking] = useState(false);
  const sharing = useMutation({
    mutationFn: () => shareView(view.id, !view.shared),
    onSuccess: async () => {
      toast(view.shared ? texts.unshared : texts.shared);
      await viewsChanged();
    },
  });
  const removing = useMutation({
    mutationFn: () => removeView(view.id),
    onSuccess: async () => {
      setAsking(false);
      await viewsChanged();
    },
  });
  return (
    <>
      {view.mine && (
        <IconButton
          kind="quiet"
          icon="team"
          label={view.shared ? texts.unshare(view.name) : texts.share(view.name)}
          aria-pressed={view.shared}
          disabled={sharing.isPending}
          onClick={() => sharing.mutate()}
        />
      )}
      {view.removable && (
        <IconButton kind="quiet" icon="x" label={texts.remove(view.name)} onClick={() => setAsking(true)} />
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.removeTitle(view.name)}
        sentence={view.shared ? texts.removeShared : texts.removeMine}
        keep={texts.keep}
        act={texts.removeAct}
        doing={removing}
      />
    </>
  );
}

interface Values {
  name: string;
  shared: boolean;
}

const LONGEST = 40;

/** Saves the current view under a name. */
export function SaveView({ filters }: { readonly filters: OrderFilters }) {
  const orders = useTexts(ORDERS_TEXTS);
  const texts = useTexts(VIEWS_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const saved = useSavedForm<Values, unknown>({
    defaults: { name: '', shared: false },
    save: ({ name, shared }) => saveView({ name: name.trim(), filters, shared }),
    onSaved: async () => {
      setAsking(false);
      await viewsChanged();
    },
  });
  if (!can('self')) return null;
  return (
    <>
      <Button size="small" kind="quiet" onClick={() => setAsking(true)}>
        {texts.save}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.save} sentence={texts.saveText}>
        <Form {...saved} className="grid gap-4">
          <TextField<Values> name="name" label={texts.name} most={LONGEST} rules={{ required: orders.fillIn }} />
          <CheckField<Values> name="shared" label={texts.shareIt} hint={texts.shareHint} />
          <div className="acts">
            <Button onClick={() => setAsking(false)}>{cancel}</Button>
            <Button type="submit" kind="primary" busy={saved.saving.isPending}>
              {texts.save}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
