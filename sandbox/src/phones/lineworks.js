// The LINE WORKS app of a phone: talks with bots, rooms, the list of bots.

import { bubble, button, clock, el, face, linked, link, picture, quick, safe } from './draw.js';
import { flex } from './flex.js';
import { word } from './words.js';

const bot = (desk, id) => desk.world.bots.find((one) => one.botId === id);
/** The key of a talk in the world's state. */
const key = (owner, talk) => (talk.startsWith('bot:') ? `${talk}/${owner.userId}` : talk);
const empty = (name) => el('p', { class: 'empty' }, word(name));

function talksOf(desk, owner) {
  const list = [];
  for (const [name, talk] of Object.entries(desk.world.talks)) {
    const [id, user] = name.split('/');
    if (id.startsWith('bot:') && user === owner.userId && bot(desk, Number(id.slice(4)))) list.push({ id, talk });
  }
  for (const room of desk.world.rooms) {
    const id = `room:${room.channel_id}`;
    if (room.members.includes(owner.userId)) list.push({ id, talk: desk.world.talks[id] ?? { total: 0, messages: [] } });
  }
  return list.sort((a, b) => (b.talk.messages.at(-1)?.at ?? 0) - (a.talk.messages.at(-1)?.at ?? 0));
}

function titleOf(desk, id) {
  if (id.startsWith('bot:')) return bot(desk, Number(id.slice(4)))?.name ?? id;
  const room = desk.world.rooms.find((one) => `room:${one.channel_id}` === id);
  return room ? room.title || room.members.map(desk.names).join('、') : id;
}

/** LINE WORKS as the phones page wants an app. `view`: `{tab, talk}`. */
export const lineworks = {
  id: 'lineworks',
  name: 'LINE WORKS',
  unread: (desk, owner) => talksOf(desk, owner).reduce((sum, { id, talk }) => sum + desk.unreadIn(owner, id, talk.total), 0),
  state: (desk, owner) => [talksOf(desk, owner), desk.world.bots, owner.bots, desk.world.rooms, eventsOf(desk, owner)],
  screen(desk, owner, view) {
    if (view.talk) {
      const room = desk.world.rooms.find((one) => `room:${one.channel_id}` === view.talk);
      return {
        title: titleOf(desk, view.talk), sub: room ? `${room.members.length} ${word('members')}` : null, back: { talk: null },
        body: talkScreen(desk, owner, view.talk, room),
      };
    }
    const tab = view.tab ?? 'talks';
    const tabs = el('div', { class: 'parts', role: 'group', 'aria-label': 'LINE WORKS' }, ['talks', 'bots', 'calendar'].map((name) => el('button', {
      type: 'button', 'data-tab': name, 'aria-pressed': String(tab === name), onclick: () => desk.go(owner, { tab: name }),
    }, word(name))));
    return {
      title: owner.name, sub: owner.login, back: null,
      body: [tabs, el('div', { class: 'scroll' }, (LISTS[tab] ?? talkList)(desk, owner))],
    };
  },
};

const eventsOf = (desk, owner) => desk.world.calendars?.[owner.userId] ?? [];

/** 「12/29 13:00」; of a whole day only the day. The end of whole days is the day after. */
function when({ start, end }) {
  const text = (moment, minus = 0) => {
    const [day, time] = (moment?.dateTime ?? moment?.date ?? '').split('T');
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - minus);
    return [`${date.getUTCMonth() + 1}/${date.getUTCDate()}`, time?.slice(0, 5)];
  };
  const [day, time] = text(start);
  const [lastDay, lastTime] = text(end ?? start, start?.date && end ? 1 : 0);
  const until = [lastDay === day ? null : lastDay, lastTime].filter(Boolean).join(' ');
  return [day, time].filter(Boolean).join(' ') + (until ? `–${until}` : '');
}

function eventList(desk, owner) {
  const all = eventsOf(desk, owner);
  if (all.length === 0) return empty('no_events');
  return el('ul', { class: 'rows events' }, all.map((event) => el('li', { 'data-event': event.eventId },
    el('time', {}, when(event)), el('span', {}, el('strong', {}, event.summary), event.description ? el('small', {}, event.description) : null))));
}

function talkList(desk, owner) {
  const list = talksOf(desk, owner);
  if (list.length === 0) return empty('no_talks');
  return el('ul', { class: 'rows' }, list.map(({ id, talk }) => {
    const last = talk.messages.at(-1);
    const fresh = desk.unreadIn(owner, id, talk.total);
    return el('li', {}, el('button', { type: 'button', 'data-talk': id, onclick: () => desk.go(owner, { talk: id }) },
      face(titleOf(desk, id)), el('span', {}, el('strong', {}, titleOf(desk, id)), el('small', {}, last ? gist(last) : word('no_messages'))),
      el('span', { class: 'end' }, el('time', {}, last ? clock(last.at) : ''), fresh ? el('i', { class: 'count' }, String(fresh)) : null)));
  }));
}

function botList(desk, owner) {
  const list = owner.bots.map((id) => bot(desk, id)).filter(Boolean);
  if (list.length === 0) return empty('no_bots');
  return el('ul', { class: 'rows' }, list.map((one) => el('li', {}, el('button', {
    type: 'button', 'data-talk': `bot:${one.botId}`, onclick: () => desk.go(owner, { talk: `bot:${one.botId}`, tab: 'talks' }),
  }, face(one.name), el('span', {}, el('strong', {}, one.name), el('small', {}, one.description))))));
}

const LISTS = { talks: talkList, bots: botList, calendar: eventList };

function talkScreen(desk, owner, id, room) {
  const talk = desk.world.talks[key(owner, id)] ?? { total: 0, messages: [] };
  desk.read(owner, id, talk.total);
  const press = (message, no) => desk.pressed(desk.act('press', { person: owner.userId, talk: id, message: message.no, button: no }));
  const author = (message) => (message.author.by === 'bot' ? bot(desk, message.author.id)?.name ?? 'Bot' : desk.person(message.author.id)?.name ?? '');
  const last = talk.messages.at(-1);
  const partner = id.startsWith('bot:') ? bot(desk, Number(id.slice(4))) : null;
  const begin = partner && talk.total === 0
    ? el('button', { type: 'button', class: 'quiet', onclick: () => desk.act('start', { person: owner.userId, bot: partner.botId }) }, word('start')) : null;
  return [
    room ? roomBots(desk, room) : null,
    el('div', { class: 'scroll talk', 'data-open-talk': id, role: 'log', tabindex: '0', 'aria-label': titleOf(desk, id) },
      talk.messages.length === 0 ? empty('no_messages') : talk.messages.map((message) => {
        if (message.author.by === 'system') return el('p', { class: 'note', 'data-message': message.no }, message.content.text);
        const mine = message.author.by === 'person' && message.author.id === owner.userId;
        const seed = desk.person(message.author.id)?.short;
        return bubble({ no: message.no, at: message.at, mine, by: message.author.by, who: author(message), seed },
          body(message, desk.names, (no) => press(message, no)));
      })),
    last && last.author.by === 'bot' ? quick(last, (no) => press(last, no)) : null,
    partner && !partner.takesText ? el('p', { class: 'deaf' }, word('deaf'))
      : desk.compose(owner, id, (text) => desk.act('say', { person: owner.userId, talk: id, text }), begin),
  ];
}

function roomBots(desk, room) {
  const others = desk.world.bots.filter((one) => one.groups && !room.bots.includes(one.botId));
  if (room.bots.length === 0 && others.length === 0) return null;
  const row = (one, path, label) => el('li', {}, one.name, el('button', {
    type: 'button', class: 'quiet', 'data-bot': one.botId, onclick: () => desk.act(path, { room: room.channel_id, bot: one.botId }),
  }, word(label)));
  return el('details', { class: 'room-bots' }, el('summary', {}, `${word('bots_in')} ${room.bots.length}`),
    el('ul', {}, room.bots.map((id) => bot(desk, id)).filter(Boolean).map((one) => row(one, 'remove', 'remove')),
      others.map((one) => row(one, 'invite', 'invite'))));
}

/** Text with mentions as names and web addresses as links. */
function prose(text, message, names) {
  return linked(text, (piece) => piece.split(/(<m userId="[^"<>]+">)/).map((part, place) => {
    if (place % 2 === 0 || message.author.by !== 'bot') return part;
    const written = part.slice('<m userId="'.length, -2);
    const mention = message.mentions.find((one) => one.written === written);
    return el('b', { class: 'mention' }, `@${written === 'all' ? 'All' : names(mention?.users[0]) ?? written}`);
  }));
}

/** The body of a message. `press(buttonNo)` is called by its buttons. */
function body(message, names, press) {
  const content = message.content;
  const text = (value, tag = 'p', css = 'prose') => (value ? el(tag, { class: css }, prose(String(value), message, names)) : null);
  const rows = (actions) => (actions ?? []).flat().map((action) => button(action, press));
  switch (content.type) {
    case 'text': return [text(content.text)];
    case 'link': return [text(content.contentText),
      safe(content.link) ? link(content.link, content.linkText, { class: 'button' }) : text(content.linkText)];
    case 'button_template': return [text(content.contentText), el('div', { class: 'buttons' }, rows(content.actions))];
    case 'list_template': return [
      content.coverData ? el('div', { class: 'cover' }, picture(content.coverData, content.coverData.title ?? word('image'))) : null,
      el('ul', { class: 'elements' }, (content.elements ?? []).map((element) => el('li', {},
        el('div', {}, text(element.title, 'strong'), text(element.subtitle, 'small')), button(element.action, press)))),
      el('div', { class: 'buttons' }, rows(content.actions))];
    case 'carousel': return [el('div', { class: 'columns' }, (content.columns ?? []).map((column) => el('section', {},
      column.originalContentUrl || column.fileId ? picture(column) : null,
      text(column.title, 'strong'), text(column.text),
      column.defaultAction ? button({ label: '…', ...column.defaultAction }, press) : null, rows(column.actions))))];
    case 'image_carousel': return [el('div', { class: 'columns' },
      (content.columns ?? []).map((column) => el('section', {}, picture(column), button(column.action, press))))];
    case 'flex': return [el('div', { class: 'flex', title: content.altText }, flex(content.contents, press))];
    case 'location': return [text(content.title, 'strong'), text(content.address)];
    case 'sticker': return [el('div', { class: 'picture' }, `${word('sticker')} ${content.packageId}-${content.stickerId}`)];
    default: return [picture(content, word(content.type) ?? content.type)];
  }
}

/** One line for a list of talks. */
function gist(message) {
  const content = message.content;
  return content.text ?? content.contentText ?? content.altText ?? content.title ?? content.elements?.[0]?.title
    ?? content.columns?.[0]?.text ?? word(content.type);
}
