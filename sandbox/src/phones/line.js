// The LINE app of a phone: accounts to add and block, talks with them, groups.

import { bubble, button, clock, el, face, linked, picture, quick } from './draw.js';
import { flex } from './flex.js';
import { word } from './words.js';

const state = (desk) => desk.world.line ?? { accounts: [], groups: [], contacts: {}, talks: {} };
const account = (desk, id) => state(desk).accounts.find((one) => one.channelId === id);
const contact = (desk, owner, channel) => state(desk).contacts[`${channel}/${owner.userId}`];
const talkOf = (desk, owner, id) => state(desk).talks?.[id.startsWith('oa:') ? `${id}/${owner.userId}` : id] ?? { total: 0, messages: [] };
const seen = (id) => `line/${id}`;

/** Accounts that the person added, blocked or talked with, and the person's groups; the latest first. */
function talksOf(desk, owner) {
  const accounts = state(desk).accounts.map((one) => ({ id: `oa:${one.channelId}`, title: one.name, mark: contact(desk, owner, one.channelId) }))
    .filter((one) => one.mark || talkOf(desk, owner, one.id).total > 0);
  const groups = state(desk).groups.filter((one) => one.members.includes(owner.userId))
    .map((one) => ({ id: `group:${one.group_id}`, title: `${one.name} (${one.members.length + one.bots.length})` }));
  return [...accounts, ...groups].map((one) => ({ ...one, talk: talkOf(desk, owner, one.id) }))
    .sort((a, b) => (b.talk.messages.at(-1)?.at ?? 0) - (a.talk.messages.at(-1)?.at ?? 0));
}

/** LINE as the phones page wants an app. `view`: `{talk}`, `oa:{channelId}` or `group:{groupId}`. */
export const line = {
  id: 'line',
  name: 'LINE',
  unread: (desk, owner) => talksOf(desk, owner).reduce((sum, { id, talk }) => sum + desk.unreadIn(owner, seen(id), talk.total), 0),
  state: (desk, owner) => [talksOf(desk, owner), state(desk).accounts, state(desk).groups],
  screen(desk, owner, view) {
    if (!view.talk) return { title: 'LINE', sub: owner.name, back: null, body: [addFriend(desk, owner), el('div', { class: 'scroll' }, list(desk, owner))] };
    const [kind, id] = view.talk.split(':');
    const group = state(desk).groups.find((one) => one.group_id === id);
    const partner = kind === 'oa' ? account(desk, Number(id)) : null;
    return {
      title: partner?.name ?? group?.name ?? view.talk,
      sub: partner?.basicId ?? (group ? `${group.members.length} ${word('members')}` : null),
      back: { talk: null },
      body: talkScreen(desk, owner, view.talk, partner, group),
    };
  },
};

/** Stands for the camera: the link of a QR code, or the account's ID. */
function addFriend(desk, owner) {
  const input = el('input', { name: 'scan', 'aria-label': word('line_scan'), placeholder: word('line_scan'), autocomplete: 'off', inputmode: 'url' });
  return el('form', { class: 'scan', onsubmit: async (event) => {
    event.preventDefault();
    const link = input.value.trim();
    if (link === '') return;
    const added = await desk.act('line/scan', { person: owner.userId, link });
    if (added) desk.go(owner, { talk: `oa:${added.channel}` });
  } }, input, el('button', { type: 'submit' }, word('line_add')));
}

function list(desk, owner) {
  const all = talksOf(desk, owner);
  if (all.length === 0) return el('p', { class: 'empty' }, word('line_nobody'));
  return el('ul', { class: 'rows' }, all.map(({ id, title, mark, talk }) => {
    const last = talk.messages.at(-1);
    const fresh = desk.unreadIn(owner, seen(id), talk.total);
    return el('li', {}, el('button', { type: 'button', 'data-talk': id, onclick: () => desk.go(owner, { talk: id }) },
      face(title), el('span', {}, el('strong', {}, title),
        el('small', {}, mark === 'blocked' ? word('line_blocked') : last ? gist(last) : word('no_messages'))),
      el('span', { class: 'end' }, el('time', {}, last ? clock(last.at) : ''), fresh ? el('i', { class: 'count' }, String(fresh)) : null)));
  }));
}

function talkScreen(desk, owner, id, partner, group) {
  const talk = talkOf(desk, owner, id);
  desk.read(owner, seen(id), talk.total);
  const press = (message, no) => desk.pressed(desk.act('line/press', { person: owner.userId, talk: id, message: message.no, button: no }));
  const author = (message) => (message.author.by === 'bot' ? account(desk, message.author.id)?.name ?? 'LINE' : desk.person(message.author.id)?.name ?? '');
  const blocked = partner && contact(desk, owner, partner.channelId) === 'blocked';
  const last = talk.messages.at(-1);
  const image = el('button', { type: 'button', class: 'icon', 'aria-label': word('line_image'), 'data-do': 'image',
    onclick: () => desk.act('line/send', { person: owner.userId, talk: id, content: { type: 'image' } }) }, '＋');
  return [
    partner ? friendship(desk, owner, partner) : group ? groupAccounts(desk, group) : null,
    el('div', { class: 'scroll talk line-talk', 'data-open-talk': id, role: 'log', tabindex: '0', 'aria-label': partner?.name ?? group?.name ?? id },
      talk.messages.length === 0 ? el('p', { class: 'empty' }, word('no_messages')) : talk.messages.map((message) => {
        if (message.author.by === 'system') return el('p', { class: 'note', 'data-message': message.no }, message.content.text);
        const mine = message.author.by === 'person' && message.author.id === owner.userId;
        const seed = desk.person(message.author.id)?.short;
        return bubble({ no: message.no, at: message.at, mine, by: message.author.by, who: message.content.sender?.name ?? author(message), seed },
          body(message.content, (no) => press(message, no)));
      })),
    last && last.author.by === 'bot' ? quick(last, (no) => press(last, no)) : null,
    blocked ? el('p', { class: 'deaf' }, word('line_blocked'))
      : desk.compose(owner, seen(id), (text) => desk.act('line/say', { person: owner.userId, talk: id, text }), image),
  ];
}

function friendship(desk, owner, partner) {
  const mark = contact(desk, owner, partner.channelId);
  const act = (path) => () => desk.act(`line/${path}`, { person: owner.userId, channel: partner.channelId });
  const friend = mark === 'friend';
  return el('div', { class: 'strip' },
    el('small', {}, word(friend ? 'line_friend' : mark === 'blocked' ? 'line_blocked' : 'line_stranger')),
    friend ? null : el('button', { type: 'button', class: 'quiet', 'data-do': 'befriend', onclick: act('befriend') }, word(mark === 'blocked' ? 'line_unblock' : 'line_add')),
    mark === 'blocked' ? null : el('button', { type: 'button', class: 'quiet danger', 'data-do': 'block', onclick: act('block') }, word('line_block')));
}

function groupAccounts(desk, group) {
  return el('details', { class: 'room-bots' }, el('summary', {}, `${word('line_accounts_in')} ${group.bots.length}`),
    el('ul', {}, state(desk).accounts.map((one) => {
      const inside = group.bots.includes(one.channelId);
      return el('li', {}, one.name, el('button', { type: 'button', class: 'quiet', 'data-bot': one.channelId,
        onclick: () => desk.act(inside ? 'line/remove' : 'line/invite', { group: group.group_id, channel: one.channelId }) }, word(inside ? 'remove' : 'invite')));
    })));
}

function body(content, press) {
  const text = (value, tag = 'p', css = 'prose') => (value ? el(tag, { class: css }, linked(String(value))) : null);
  switch (content.type) {
    case 'text': case 'textV2': return [text(content.text)];
    case 'flex': return [el('div', { class: 'flex', title: content.altText }, flex(content.contents, press))];
    case 'template': return template(content.template ?? {}, text, press);
    case 'sticker': return [el('div', { class: 'picture' }, `${word('sticker')} ${content.packageId}-${content.stickerId}`)];
    case 'location': return [text(content.title, 'strong'), text(content.address)];
    default: return [picture(content, word(content.type) ?? content.type)];
  }
}

function template(one, text, press) {
  const buttons = (actions) => el('div', { class: 'buttons' }, (actions ?? []).map((action) => button(action, press)));
  const card = (part) => [part.thumbnailImageUrl || part.imageUrl ? picture(part) : null, text(part.title, 'strong'), text(part.text),
    part.defaultAction ? button({ label: '…', ...part.defaultAction }, press) : null, part.action ? button(part.action, press) : null, buttons(part.actions)];
  if (one.columns) return [el('div', { class: 'columns' }, one.columns.map((column) => el('section', {}, card(column))))];
  return card(one);
}

/** One line for the list. */
const gist = (message) => message.content.text ?? message.content.altText ?? message.content.title ?? word(message.content.type);
