/** Dialogs for a bot's BotFather options and its business connection. */
import { api } from './api.js';
import { formDialog } from './dialog.js';
import { el, toast } from './dom.js';
import { checkbox } from './shared-dialogs.js';

const SETTINGS = [
  ['inline', 'Inline mode: people may type @bot in any chat'],
  ['inlineFeedback', 'Inline feedback: the bot learns which result was picked'],
  ['business', 'Business mode: people may connect it to their account'],
];
const RIGHTS = [
  ['can_view_gifts_and_stars', 'see my gifts and Stars'],
  ['can_transfer_stars', 'take my Stars'],
  ['can_convert_gifts_to_stars', 'convert my gifts into Stars'],
  ['can_transfer_and_upgrade_gifts', 'transfer and upgrade my gifts'],
  ['can_change_gift_settings', 'change my gift settings'],
  ['can_reply', 'answer for me'],
];

const checks = (legend, options, isOn) =>
  el(
    'fieldset',
    { class: 'checks' },
    el('legend', {}, legend),
    ...options.map(([name, text]) => checkbox(name, text, isOn(name))),
  );

export function botSettingsDialog(bot) {
  const save = (values) =>
    api.setUpBot(bot.id, Object.fromEntries(SETTINGS.map(([name]) => [name, values[name] === 'on'])));
  const fields = [checks(`As with @BotFather, for @${bot.username}`, SETTINGS, (name) => bot.settings[name])];
  formDialog('Bot settings', fields, 'Save', save, () => toast('Saved'));
}

/** @param rights the names of the rights that it has already */
export function businessDialog(bot, user, rights = []) {
  const connect = (values) =>
    api.connect(bot.id, user.id, { rights: RIGHTS.map(([name]) => name).filter((name) => values[name] === 'on') });
  const fields = [checks(`${bot.name} may`, RIGHTS, (name) => rights.includes(name))];
  formDialog('Connect to my account', fields, 'Connect', connect, () => toast(`${bot.name} is connected`));
}
