import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button, IconButton } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { ORDERS_TEXTS } from '../../texts/orders';
import { useTexts } from '../../texts';
import { type OrderFilters, VIEWS } from './filters';
import { dropView, saveView, useSavedViews } from './saved-views';

const SAME = { exact: true, includeSearch: true } as const;

/** Predefined and saved views, as tabs. */
export function Views({ filters }: { readonly filters: OrderFilters }) {
  const texts = useTexts(ORDERS_TEXTS);
  const saved = useSavedViews();
  const now = JSON.stringify(filters);
  return (
    <nav className="views" aria-label={texts.views}>
      {VIEWS.map((view) => (
        <Link key={view.name} to="/orders" search={view.filters} className="view" activeOptions={SAME}>
          {texts[view.name]}
        </Link>
      ))}
      {saved.map((view) => (
        <span key={view.name} className="row gap-0">
          <Link to="/orders" search={view.filters} className="view" activeOptions={SAME}>
            {view.name}
          </Link>
          {JSON.stringify(view.filters) === now && (
            <IconButton kind="quiet" icon="x" label={texts.dropView(view.name)} onClick={() => dropView(view.name)} />
          )}
        </span>
      ))}
    </nav>
  );
}

interface Values {
  name: string;
}

const LONGEST = 40;

/** Saves the current view under a name. */
export function SaveView({ filters }: { readonly filters: OrderFilters }) {
  const texts = useTexts(ORDERS_TEXTS);
  const [asking, setAsking] = useState(false);
  const saved = useSavedForm<Values, void>({
    defaults: { name: '' },
    save: ({ name }) => Promise.resolve(saveView({ name: name.trim(), filters })),
    onSaved: () => setAsking(false),
  });
  return (
    <>
      <Button size="small" kind="quiet" onClick={() => setAsking(true)}>
        {texts.saveView}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.saveView} sentence={texts.saveViewText}>
        <Form {...saved} className="grid gap-4">
          <TextField<Values> name="name" label={texts.viewName} most={LONGEST} rules={{ required: texts.fillIn }} />
          <div className="acts">
            <Button onClick={() => setAsking(false)}>{texts.leave}</Button>
            <Button type="submit" kind="primary">
              {texts.saveView}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
