import { useQuery } from '@tanstack/react-query';
import { SelectField } from '../../parts/field';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import type { ProductValues } from './product-values';
import { chatsOfBotQuery } from './queries';
import { useRules } from './rules';

/** The group or channel that opens for buyers. Chats to which the bot cannot admit people are marked. */
export function ChatChoice({ botId, optional = false }: { readonly botId: string; readonly optional?: boolean }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  const { data: chats } = useQuery(chatsOfBotQuery(botId));
  const nameOf = (title: string, isReady: boolean) => (isReady ? title : texts.chatNotReady(title));
  const choices = [
    { value: '', label: optional ? texts.noChat : texts.chooseChat },
    ...(chats ?? []).map(({ id, title, remedy }) => ({ value: id, label: nameOf(title, remedy === null) })),
  ];
  return (
    <>
      <SelectField<ProductValues>
        name="chat_id"
        label={texts.chat}
        choices={choices}
        {...(optional ? {} : { rules: rules.text(64) })}
      />
      {chats?.length === 0 && <p className="sm mut">{texts.noChats}</p>}
    </>
  );
}
