import type { Browser, Page } from 'playwright-core';
import { button, launchBrowser, openShopPage, overhang, screenshot, visit } from './chat-page.js';
import { eventually } from './support.js';

let browser: Browser;
let shop: Awaited<ReturnType<typeof openShopPage>>;
let friend: { readonly id: number };

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  shop = await openShopPage();
  friend = await shop.client.createUser({ first_name: 'Bob' });
  await shop.client.setUpBot(shop.chat.botId, { inline: true, inlineFeedback: true, business: true });
});
afterEach(() => shop.close());

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

const openRow = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Chats' }).getByRole('button', { name }).click();

/** Opens a channel of the buyer with the bot as an administrator. */
async function openChannel(): Promise<number> {
  const { client, chat } = shop;
  const { id } = await client.createSharedChat({ type: 'channel', title: 'VIP', ownerId: chat.userId });
  const rights = { can_invite_users: true, can_post_messages: true };
  await client.setMember(id, chat.botId, { status: 'administrator', rights });
  return id;
}

describe('a person on the chat page', () => {
  it('subscribes, advances the clock, cancels and resumes', async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await button(page, 'Start').click();
    await say(page, '/pro');
    await page.getByRole('link', { name: 'Subscribe' }).click();
    await page.getByText('for 25 Stars a month?').waitFor();
    await button(page, /^Confirm and pay/).click();
    await button(page, 'Done').click();
    await openRow(page, /My account/);
    const subscriptions = page.getByRole('region', { name: 'Subscriptions' });
    await subscriptions.getByText('Star Shop · active').waitFor();
    await screenshot(page, 'account');
    await button(page, '+30 days').click();
    await button(page, 'Balance 10 Stars. Top up').waitFor();
    await button(subscriptions, 'Cancel').click();
    await subscriptions.getByText('Star Shop · canceled').waitFor();
    await button(subscriptions, 'Resume').click();
    await subscriptions.getByText('Star Shop · active').waitFor();
    await button(page, '+30 days').click();
    await subscriptions.getByText('Star Shop · failed').waitFor();
    expect(await shop.balance()).toBe(10);
    expect(problems).toEqual([]);
    await close();
  });

  it('chooses an invoice by an inline query for a group, and another one for a friend', async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await button(page, 'New chat').click();
    const dialog = page.getByRole('dialog', { name: 'A new group or channel' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Friends');
    await dialog.getByRole('combobox', { name: 'Kind' }).selectOption('group');
    await button(dialog, 'Create').click();
    await page.getByText('group · 1 member').waitFor();

    const text = page.getByRole('textbox', { name: 'Message' });
    const results = page.getByRole('listbox', { name: 'Inline results' });
    await text.fill('@star_shop_bot g');
    await results.getByText('Guide', { exact: true }).waitFor();
    await screenshot(page, 'inline-results');
    await button(results, /^Guide/)
      .first()
      .click();
    await page.getByRole('heading', { name: 'Guide' }).waitFor();
    await page.getByText('via @star_shop_bot').waitFor();

    await text.fill('@star_shop_bot c');
    await button(results, 'Send Course to a friend').click();
    await button(page.getByRole('dialog', { name: 'Forward' }), 'Bob').click();
    await page.getByText('Sent', { exact: true }).waitFor();
    expect(await shop.client.user(friend.id)).toMatchObject({ inbox: [{ invoice: { title: 'Course' } }] });

    await button(page, /^Pay/).click();
    await button(page, /^Confirm and pay/).click();
    await page.getByRole('heading', { name: 'Payment done' }).waitFor();
    await screenshot(page, 'group');
    expect(await shop.balance()).toBe(10);
    expect(problems).toEqual([]);
    await close();
  });

  it('makes a bot an administrator and removes rights', async () => {
    const { client, chat } = shop;
    const channel = await client.createSharedChat({ type: 'channel', title: 'VIP', ownerId: chat.userId });
    const { page, problems, close } = await visit(browser, shop.url);
    await openRow(page, /VIP/);
    await button(page, 'More').click();
    await button(page, 'Members').click();
    await button(page.getByRole('dialog', { name: 'Members' }), /Star Shop/).click();
    const rights = page.getByRole('dialog', { name: 'Star Shop' });
    await screenshot(page, 'rights');
    await rights.getByRole('checkbox', { name: 'post messages' }).uncheck();
    await button(rights, 'Save').click();
    await page.getByText('channel · 2 members').waitFor();
    const [, bot] = (await client.sharedChat(channel.id)).members;
    expect(bot).toMatchObject({ status: 'administrator', can_invite_users: true, can_post_messages: false });
    expect(problems).toEqual([]);
    await close();
  });

  it('requests to join by a link, and is admitted by the owner', async () => {
    const { client, chat, bot } = shop;
    const channel = await openChannel();
    const { invite_link } = await bot.api.createChatInviteLink(channel, { creates_join_request: true });
    await client.start({ botId: chat.botId, userId: friend.id });
    await bot.api.sendMessage(friend.id, `Come in: ${invite_link}`);

    const asking = await visit(browser, shop.url);
    await button(asking.page, /^You are Ada/).click();
    await button(asking.page.getByRole('dialog', { name: 'Buyers' }), /Bob/).click();
    await asking.page.getByRole('link', { name: invite_link }).click();
    await button(asking.page, 'Ask to join').click();
    await asking.page.getByText('A moment, please').last().waitFor();
    await asking.close();

    const { page, problems, close } = await visit(browser, shop.url);
    await openRow(page, /VIP/);
    await button(page, /More/).click();
    await button(page, 'Requests to join (1)').click();
    await screenshot(page, 'requests');
    await button(page, 'Let in').click();
    await page.getByText('channel · 3 members').waitFor();
    expect([...asking.problems, ...problems]).toEqual([]);
    await close();
  });

  it('pays for membership of a channel', async () => {
    const { client, bot } = shop;
    const olga = await client.createUser({ first_name: 'Olga' });
    const { id } = await client.createSharedChat({ type: 'channel', title: 'Club', ownerId: olga.id });
    const rights = { can_invite_users: true };
    await client.setMember(id, shop.chat.botId, { status: 'administrator', rights });
    const { invite_link } = await bot.api.createChatSubscriptionInviteLink(id, 2_592_000, 40);
    await client.start(shop.chat);
    await bot.api.sendMessage(shop.chat.userId, invite_link);
    const { page, problems, close } = await visit(browser, shop.url);
    await page.getByRole('link', { name: invite_link }).click();
    await page.getByText('A channel that costs 40 Stars a month.').waitFor();
    await screenshot(page, 'paid-invite');
    await button(page, /^Subscribe for/).click();
    await page.getByText('channel · 3 members · 40 Stars').waitFor();
    expect(await shop.balance()).toBe(20);
    expect(problems).toEqual([]);
    await close();
  });

  it('sees paid media only after paying', async () => {
    const { page, problems, close } = await visit(browser, shop.url);
    await button(page, 'Start').click();
    await say(page, '/gallery');
    await button(page, /^Unlock for/).waitFor();
    const messages = page.getByRole('log', { name: 'Messages' });
    expect(await messages.getByRole('img', { name: 'Photo' }).count()).toBe(0);
    await screenshot(page, 'paid-media-locked');
    await button(page, /^Unlock for/).click();
    await button(page, /^Confirm and pay/).click();
    await button(page, 'Done').click();
    await messages.getByRole('img', { name: 'Photo' }).first().waitFor();
    await screenshot(page, 'paid-media-clear');
    expect(await messages.getByRole('img', { name: 'Photo' }).count()).toBe(3);
    expect(await shop.balance()).toBe(40);
    expect(problems).toEqual([]);
    await close();
  });

  it('gives a gift, connects a bot and changes their language', async () => {
    const { client, chat } = shop;
    const { page, problems, close } = await visit(browser, shop.url);
    await button(page, 'Start').click();
    await button(page, 'More').click();
    await button(page, 'Connect to my account').click();
    const connecting = page.getByRole('dialog', { name: 'Connect to my account' });
    await connecting.getByRole('checkbox', { name: 'take my Stars' }).check();
    await screenshot(page, 'business');
    await button(connecting, 'Connect').click();
    await connecting.waitFor({ state: 'detached' });

    await openRow(page, /My account/);
    await page.getByText('connected · 1 right').waitFor();
    await button(page, 'Give a gift').click();
    await button(page.getByRole('dialog', { name: 'Give a gift' }), 'Give').click();
    await page.getByText('The gift was sent').waitFor();
    expect((await client.account(friend.id)).gifts).toMatchObject([{ sender: { id: chat.userId } }]);

    const language = page.getByRole('region', { name: 'Language' });
    const code = language.getByRole('textbox');
    await code.fill('ru');
    // The page keeps the input during all of these changes.
    const gift = { fromUserId: chat.userId, toUserId: chat.userId, giftId: '5170233102089322756' };
    await client.giveGift(gift);
    await page.getByRole('region', { name: 'Gifts' }).getByText('A gift from').first().waitFor();
    // A click is not lost when something changes while the button is pressed.
    await button(language, 'Set').hover();
    await page.mouse.down();
    await Promise.all([page.waitForResponse(/\/account$/), client.giveGift(gift)]);
    await page.mouse.up();
    const [ada] = await eventually(
      () => client.users(),
      ([first]) => first?.language_code !== 'en',
    );
    expect(ada).toMatchObject({ id: chat.userId, language_code: 'ru' });
    expect(problems).toEqual([]);
    await close();
  });

  it('sees groups and the account without sideways scrolling on a phone', async () => {
    const { client, chat, bot } = shop;
    const channel = await openChannel();
    await bot.api.sendMessage(channel, `A long word: ${'x'.repeat(200)}`);
    await client.giveGift({ fromUserId: chat.userId, toUserId: chat.userId, giftId: '5170233102089322756' });
    const phone = {
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      hasTouch: true,
      isMobile: true,
    } as const;
    const { page, problems, close } = await visit(browser, shop.url, phone);
    await button(page, 'Back to the chats').tap();
    await screenshot(page, 'phone-list');
    const list = await overhang(page);
    await openRow(page, /VIP/);
    await page.getByText('A long word').last().waitFor();
    await screenshot(page, 'phone-channel');
    const inChannel = await overhang(page);
    await button(page, 'Back to the chats').tap();
    await openRow(page, /My account/);
    await page.getByRole('region', { name: 'Gifts' }).waitFor();
    await screenshot(page, 'phone-account');
    expect([list, inChannel, await overhang(page)]).toEqual([0, 0, 0]);
    expect(problems).toEqual([]);
    await close();
  });
});
