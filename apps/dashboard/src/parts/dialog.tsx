import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useEffect } from 'react';
import { endToast } from './toast';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly sentence?: ReactNode;
  readonly children: ReactNode;
}

/** A question before an action. Escape and a click outside cancel it. On a phone it is a sheet. */
export function Dialog({ open, onClose, title, sentence, children }: DialogProps) {
  // On a phone a message would cover the sheet's buttons.
  useEffect(() => {
    if (open) endToast();
  }, [open]);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-(--scrim)" />
        <Base.Viewport className="over bg-transparent">
          <Base.Popup className="dlg">
            <div>
              <Base.Title>{title}</Base.Title>
              {sentence !== undefined && <Base.Description className="mut mt-1">{sentence}</Base.Description>}
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
