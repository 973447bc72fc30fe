import { Menu } from '@base-ui/react/menu';
import { Icon } from '../parts/icon';
import { LANGUAGES, NAMES } from '../texts/language';
import { useLanguage, useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { currentTheme, setTheme, THEMES, type Theme } from './theme';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Value[];
  readonly names: Readonly<Record<Value, string>>;
  readonly onChoose: (value: Value) => void;
}

/** A choice of several values within a menu. */
export function Choice<Value extends string>({ label, value, choices, names, onChoose }: ChoiceProps<Value>) {
  return (
    <Menu.RadioGroup className="grid" value={value} onValueChange={onChoose}>
      <Menu.GroupLabel className="cap">{label}</Menu.GroupLabel>
      {choices.map((one) => (
        <Menu.RadioItem key={one} value={one} className="item" closeOnClick>
          <span className="grow">{names[one]}</span>
          <Menu.RadioItemIndicator>
            <Icon name="check" small />
          </Menu.RadioItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** Theme and language, within a menu. */
export const Preferences = () => {
  const texts = useTexts(SHELL_TEXTS);
  const { language, speak } = useLanguage();
  return (
    <>
      <Choice<Theme>
        label={texts.theme}
        value={currentTheme()}
        choices={THEMES}
        names={texts.themes}
        onChoose={setTheme}
      />
      <Choice label={texts.language} value={language} choices={LANGUAGES} names={NAMES} onChoose={speak} />
    </>
  );
};
