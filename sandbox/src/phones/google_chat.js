// The Google Chat app of a phone: spaces, messages with cards v2, webhooks and the Chat app. What a message
// may do is decided by the world; this only draws. Untrusted text goes through textContent, and the small
// HTML of cards through a list of allowed elements.

import { clock, el, face } from './draw.js';
import { language } from './words.js';

const words = {
  new_space: ['スペースを作る', 'New space'],
  space_name: ['スペース名', 'Name of the space'],
  no_spaces: ['スペースがありません。', 'No spaces.'],
  nothing: ['まだ何もありません。', 'Nothing here yet.'],
  open_dm: ['アプリと話す', 'Chat with the app'],
  add_app: ['アプリを追加', 'Add the app'],
  remove_app: ['アプリを削除', 'Remove the app'],
  webhook: ['Webhook を追加', 'Add a webhook'],
  webhook_name: ['Webhook の名前', 'Name of the webhook'],
  copy: ['コピー', 'Copy'],
  copied: ['写しました', 'Copied'],
  remove: ['削除', 'Delete'],
  delete_space: ['スペースを削除', 'Delete the space'],
  menu: ['アプリと統合', 'Apps & integrations'],
  mention: ['アプリに届けるには @{app} と書きます。', 'Write @{app} to reach the app.'],
  reply: ['スレッドに返信', 'Reply in thread'],
  in_thread: ['スレッド', 'Thread'],
  edited: ['編集済み', 'Edited'],
  deleted: ['メッセージは削除されました', 'Message deleted'],
  people: ['人', 'people'],
  app: ['アプリ', 'App'],
  image: ['画像', 'Image'],
  more: ['ほか', 'More'],
};
const word = (name) => words[name]?.[language.now === 'ja' ? 0 : 1] ?? name;

// Its looks are a file of their own, so that the page need not know them.
document.head.append(el('link', { rel: 'stylesheet', href: '/google_chat.css' }));

const spacesOf = (desk, owner) => (desk.world.google_chat?.spaces ?? []).filter((space) => space.members.includes(owner.userId));
const talkOf = (desk, space) => desk.world.google_chat.talks[space.id] ?? { total: 0, messages: [] };
const title = (desk, space) => (space.dm ? desk.world.google_chat.app.displayName : space.displayName);
const key = (space) => `gc/${space.id}`;

/** Google Chat as the phones page wants an app. `view`: `{space, thread}` while one is open. */
export const googleChat = {
  id: 'google_chat',
  name: 'Google Chat',
  unread: (desk, owner) => spacesOf(desk, owner).reduce((sum, space) => sum + desk.unreadIn(owner, key(space), talkOf(desk, space).total), 0),
  screen(desk, owner, view) {
    const space = spacesOf(desk, owner).find((one) => one.id === view.space);
    if (!space) return { title: 'Google Chat', sub: owner.mail, back: null, body: spaceList(desk, owner) };
    const back = view.thread ? { thread: null } : { space: null };
    const sub = view.thread ? word('in_thread') : `${space.members.length} ${word('people')}${space.app ? ` + ${word('app')}` : ''}`;
    return { title: title(desk, space), sub, back, body: spaceScreen(desk, owner, space, view) };
  },
};

function spaceList(desk, owner) {
  const app = desk.world.google_chat?.app;
  const list = spacesOf(desk, owner).map((space) => ({ space, talk: talkOf(desk, space) }))
    .sort((a, b) => (b.talk.messages.at(-1)?.at ?? 0) - (a.talk.messages.at(-1)?.at ?? 0));
  const rows = list.map(({ space, talk }) => {
    const last = talk.messages.at(-1);
    const name = title(desk, space);
    const fresh = desk.unreadIn(owner, key(space), talk.total);
    return el('li', {}, el('button', { type: 'button', 'data-talk': key(space), onclick: () => desk.go(owner, { space: space.id, thread: null }) },
      face(name), el('span', {}, el('strong', {}, name, space.dm ? el('i', { class: 'gc-badge' }, word('app')) : null),
        el('small', {}, last ? gist(last) : word('nothing'))),
      el('span', { class: 'end' }, el('time', {}, last ? clock(last.at) : ''), fresh ? el('i', { class: 'count' }, String(fresh)) : null)));
  });
  const dm = list.some(({ space }) => space.dm && space.app);
  const name = el('input', { name: 'gc-space-name', 'aria-label': word('space_name'), placeholder: word('space_name'), autocomplete: 'off', required: true });
  return [el('div', { class: 'scroll' },
    dm || !app ? null : el('p', { class: 'gc-row' }, el('button', { type: 'button', class: 'quiet', 'data-gc-do': 'add-app',
      onclick: () => desk.act('google_chat/add_app', { person: owner.userId }) }, `${word('open_dm')}: ${app.displayName}`)),
    rows.length ? el('ul', { class: 'rows' }, rows) : el('p', { class: 'empty' }, word('no_spaces'))),
  el('form', { class: 'compose', 'data-gc-do': 'new-space', onsubmit: async (event) => {
    event.preventDefault();
    const made = await desk.act('google_chat/space', { person: owner.userId, name: name.value });
    if (made) desk.go(owner, { space: made.space, thread: null });
  } }, name, el('button', { type: 'submit' }, word('new_space')))];
}

function spaceScreen(desk, owner, space, view) {
  const talk = talkOf(desk, space);
  desk.read(owner, key(space), talk.total);
  const shown = view.thread ? talk.messages.filter((message) => message.thread === view.thread) : talk.messages;
  const known = new Map();
  for (const message of talk.messages) known.set(message.thread, (known.get(message.thread) ?? 0) + 1);
  const say = (text) => desk.act('google_chat/say',
    { person: owner.userId, space: space.id, text, ...(view.thread ? { thread: view.thread } : {}) });
  return [
    menu(desk, owner, space),
    el('div', { class: 'scroll talk', 'data-open-talk': key(space), role: 'log', tabindex: '0', 'aria-label': title(desk, space) },
      shown.length ? shown.map((message) => drawMessage(desk, owner, space, message, known, view)) : el('p', { class: 'empty' }, word('nothing'))),
    space.app && !space.dm ? el('p', { class: 'gc-hint' }, word('mention').replace('{app}', desk.world.google_chat.app.displayName)) : null,
    desk.compose(owner, `${key(space)}/${view.thread ?? ''}`, say),
  ];
}

function menu(desk, owner, space) {
  const button = (what, label, path, data) => el('button', { type: 'button', class: 'quiet', 'data-gc-do': what, onclick: () => desk.act(path, data) }, label);
  const here = { person: owner.userId, space: space.id };
  const app = space.app ? button('remove-app', word('remove_app'), 'google_chat/remove_app', here)
    : button('add-app', word('add_app'), 'google_chat/add_app', space.dm ? { person: owner.userId } : here);
  const name = el('input', { name: 'gc-webhook-name', value: 'Todoke', 'aria-label': word('webhook_name'), autocomplete: 'off', required: true });
  return el('details', { class: 'room-bots gc-menu' }, el('summary', {}, word('menu')),
    el('p', { class: 'gc-row' }, app, space.dm ? null : button('delete-space', word('delete_space'), 'google_chat/delete_space', here)),
    space.dm ? null : el('form', { class: 'gc-row', 'data-gc-do': 'webhook', onsubmit: async (event) => {
      event.preventDefault();
      const made = await desk.act('google_chat/webhook', { ...here, name: name.value });
      if (made) copy(desk, made.url);
    } }, name, el('button', { type: 'submit', class: 'quiet' }, word('webhook'))),
    el('ul', {}, space.webhooks.map((hook) => el('li', { 'data-gc-webhook': hook.url }, el('span', { class: 'gc-url', title: hook.url }, hook.name),
      el('button', { type: 'button', class: 'quiet', onclick: () => copy(desk, hook.url) }, word('copy')),
      el('button', { type: 'button', class: 'quiet danger', onclick: () => desk.act('google_chat/delete_webhook', { url: hook.url }) }, word('remove'))))));
}

function copy(desk, text) {
  navigator.clipboard?.writeText(text).catch(() => {});
  desk.toast(`${word('copied')}: ${text}`);
}

function drawMessage(desk, owner, space, message, known, view) {
  const sender = message.sender;
  if (sender.by === 'system') return el('p', { class: 'note', 'data-message': message.no }, message.body.text);
  const person = desk.person(sender.id);
  const name = sender.by === 'person' ? person?.name ?? '' : sender.name ?? '';
  const mine = sender.by === 'person' && sender.id === owner.userId;
  const press = (button) => desk.act('google_chat/press', { person: owner.userId, space: space.id, message: message.no, button });
  const body = message.deleted ? [el('p', { class: 'gc-dim' }, word('deleted'))] : [
    message.body.text ? el('div', { class: 'prose' }, markup(message.body.text, desk.world.people)) : null,
    ...(message.body.cardsV2 ?? []).map(({ card }) => drawCard(card, press)),
    ...(message.body.accessoryWidgets ?? []).map((widget) => drawWidget(widget, press)),
  ];
  const threaded = !space.dm && !view.thread;
  const begins = message.name.endsWith(`/${message.thread}.${message.thread}`);
  return el('div', { class: `message ${mine ? 'mine' : ''} ${message.pinged.includes(owner.userId) ? 'gc-pinged' : ''} ${threaded && !begins && known.get(message.thread) > 1 ? 'gc-reply' : ''}`, 'data-message': message.no },
    mine ? null : face(name || '?', person?.short),
    el('div', { class: 'said' },
      mine ? null : el('small', { class: 'who' }, name, sender.by === 'person' ? null : el('i', { class: 'gc-badge' }, word('app'))),
      el('div', { class: 'body' }, body),
      threaded ? el('button', { type: 'button', class: 'gc-thread', onclick: () => desk.go(owner, { thread: message.thread }) },
        `${word('reply')}${known.get(message.thread) > 1 ? ` (${known.get(message.thread)})` : ''}`) : null),
    el('time', {}, message.edited ? `${word('edited')} ` : '', clock(message.at)));
}

// --- cards

const list = (value) => value ?? [];

function drawCard(card, press) {
  if (!card) return null;
  const head = card.header;
  return el('section', { class: 'gc-card' },
    head ? el('header', {}, head.imageUrl ? el('span', { class: `gc-icon ${head.imageType === 'CIRCLE' ? 'round' : ''}`, title: head.imageAltText ?? head.imageUrl }, '◆') : null,
      el('div', {}, el('strong', {}, head.title), head.subtitle ? el('small', {}, head.subtitle) : null)) : null,
    list(card.sections).map((section) => drawSection(section, press)));
}

function drawSection(section, press) {
  const widgets = list(section.widgets).map((widget) => drawWidget(widget, press));
  const visible = section.collapsible ? section.uncollapsibleWidgetsCount ?? 0 : widgets.length;
  const rest = widgets.slice(visible);
  return el('div', { class: 'gc-section' }, section.header ? el('h4', {}, html(section.header)) : null, widgets.slice(0, visible),
    rest.length ? el('details', {}, el('summary', {}, `${word('more')} ${rest.length}`), rest) : null);
}

function drawWidget(widget, press) {
  if (widget.textParagraph) return el('p', { class: 'gc-text' }, html(widget.textParagraph.text));
  if (widget.decoratedText) return decorated(widget.decoratedText, press);
  if (widget.buttonList) return el('div', { class: 'gc-buttons' }, list(widget.buttonList.buttons).map((button) => drawButton(button, press)));
  if (widget.chipList) return el('div', { class: 'gc-buttons' }, list(widget.chipList.chips).map((chip) => drawButton({ text: chip.label, ...chip }, press)));
  if (widget.divider) return el('hr');
  if (widget.image) return el('div', { class: 'picture' }, widget.image.altText ?? word('image'), el('small', {}, widget.image.imageUrl));
  if (widget.columns) return el('div', { class: 'gc-columns' }, list(widget.columns.columnItems).map((column) =>
    el('div', {}, list(column.widgets).map((one) => drawWidget(one, press)))));
  return el('p', { class: 'gc-dim' }, Object.keys(widget)[0] ?? '');
}

function decorated(text, press) {
  const inner = [el('div', { class: text.wrapText ? '' : 'gc-one-line' },
    text.topLabel ? el('small', {}, html(text.topLabel)) : null,
    el('span', {}, html(text.text ?? text.contentText?.text ?? '')),
    text.bottomLabel ? el('small', {}, html(text.bottomLabel)) : null)];
  const icon = text.startIcon ?? text.icon;
  return el('div', { class: 'gc-decorated' }, icon ? el('span', { class: 'gc-icon', title: icon.knownIcon ?? icon.altText ?? '' }, '◆') : null, inner,
    text.button ? drawButton(text.button, press) : null,
    text._button === undefined ? null : drawButton({ text: '›', onClick: text.onClick, _button: text._button }, press));
}

function drawButton(button, press) {
  const style = (button.color ? 'FILLED' : button.type ?? 'OUTLINED').toLowerCase();
  const attributes = { class: `gc-button ${style}`, 'data-button': button._button, title: button.altText };
  const label = button.text || button.altText || button.icon?.knownIcon || '◆';
  const url = button.onClick?.openLink?.url;
  if (url && /^(https:|mailto:|tel:)/i.test(url)) {
    return el('a', { ...attributes, href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
  }
  if (button.onClick?.overflowMenu) {
    return el('details', { class: 'gc-overflow' }, el('summary', {}, '⋮'), list(button.onClick.overflowMenu.items).map((item) => drawButton(item, press)));
  }
  return el('button', { ...attributes, type: 'button', disabled: Boolean(button.disabled) || button._button === undefined, onclick: () => press(button._button) }, label);
}

// --- texts

/** Chat's own markup: bold, italic, strike, mono, links and mentions. */
function markup(text, people) {
  const pattern = /```([\s\S]+?)```|`([^`\n]+)`|<users\/(\w+)>|<(https?:[^|>\s]+)\|([^>]+)>|(https?:\/\/[^\s<>"「」（）]+)|(^|[\s(（「])([*_~])(?=\S)([^\n]*?\S)\8(?=$|[\s.,;:!?)）」。、])/gm;
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(last, match.index));
    const [, block, mono, user, url, label, bare, before, mark, inner] = match;
    const link = (href, shown) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, shown);
    if (block !== undefined) parts.push(el('pre', {}, block));
    else if (mono !== undefined) parts.push(el('code', {}, mono));
    else if (user !== undefined) parts.push(el('b', { class: 'mention' }, `@${mentioned(user, people)}`));
    else if (url !== undefined) parts.push(link(url, label));
    else if (bare !== undefined) parts.push(link(bare, bare));
    else parts.push(before, el({ '*': 'b', _: 'i', '~': 's' }[mark], {}, markup(inner, people)));
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

/** `users/1084…0001` is the person with employee number 0001. */
function mentioned(user, people) {
  if (user === 'all') return 'all';
  const place = user.startsWith('1084') ? Number(user.slice(4)) - 1 : -1;
  return people[place]?.name ?? user;
}

const allowed = { B: [], I: [], U: [], S: [], STRONG: [], EM: [], BR: [], CODE: [], PRE: [], UL: [], OL: [], LI: [], TIME: [], FONT: ['color'], A: ['href'] };

/** The small HTML of cards; other elements lose their tags and keep their text. */
function html(text) {
  const parsed = new DOMParser().parseFromString(String(text ?? ''), 'text/html');
  const keep = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [node.data];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    const inner = [...node.childNodes].flatMap(keep);
    const names = allowed[node.tagName];
    if (!names) return ['SCRIPT', 'STYLE'].includes(node.tagName) ? [] : inner;
    const attributes = {};
    const href = node.getAttribute('href') ?? '';
    if (names.includes('href') && /^(https?:|mailto:|tel:)/i.test(href)) Object.assign(attributes, { href, target: '_blank', rel: 'noopener noreferrer' });
    const color = node.getAttribute('color') ?? '';
    if (names.includes('color') && /^#[0-9a-f]{6}$/i.test(color)) attributes.style = `color:${color}`;
    return [el(node.tagName === 'FONT' ? 'span' : node.tagName.toLowerCase(), attributes, inner)];
  };
  return [...parsed.body.childNodes].flatMap(keep);
}

/** One line for the list. */
function gist(message) {
  if (message.deleted) return word('deleted');
  const card = message.body.cardsV2?.[0]?.card;
  return message.body.text || message.body.fallbackText || card?.header?.title || word('app');
}
