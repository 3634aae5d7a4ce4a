// The desk: one phone per person, drawn from the world's state and redrawn where it changed.

import { body, clock, el, face, gist, quick } from './draw.js';
import { drawPanel, listenToPanel } from './panel.js';
import { language, speak, word } from './words.js';

const world = { people: [], rooms: [], bots: [], talks: {}, mailboxes: {}, faults: [], limits: {}, callbacks: [], requests: [] };
/** Open phones by short name: which tab, which talk or mail, what is half written, what was read. */
const phones = new Map();
const drafts = new Map();
const mails = new Map();
const $ = (selector, root = document) => root.querySelector(selector);

// --- the wire

async function act(path, data, method = 'POST') {
  try {
    const reply = await fetch(`/control/${path}`, {
      method, headers: { 'content-type': 'application/json' }, body: data === undefined ? undefined : JSON.stringify(data),
    });
    const answer = await reply.json();
    if (!reply.ok) toast(`${word('refused')}: ${answer.error}`);
    return reply.ok ? answer : null;
  } catch {
    toast(word('refused'));
    return null;
  }
}

let online = 'connecting';
function listen() {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/control/events`);
  let first = true;
  socket.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    // The first word is the whole world; later ones are what changed, unless the world began anew.
    if (first || news.born !== world.born) forget(world.born !== undefined && news.born !== world.born);
    first = false;
    const { talks, mailboxes, ...rest } = news;
    Object.assign(world, rest);
    Object.assign(world.talks, talks);
    Object.assign(world.mailboxes, mailboxes);
    online = 'live';
    draw();
  };
  socket.onclose = () => {
    online = 'lost';
    status();
    setTimeout(listen, 1000);
  };
}

function forget(anew) {
  world.talks = {};
  world.mailboxes = {};
  if (!anew) return;
  mails.clear();
  for (const one of world.people) localStorage.removeItem(`seen/${one.short}`);
  for (const view of phones.values()) Object.assign(view, { talk: null, mail: null });
}

// --- small things

function toast(text) {
  const place = $('.toast');
  place.textContent = text;
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, 5000);
}

function status() {
  const line = $('[data-live]');
  line.dataset.live = online;
  line.textContent = word(online);
}

function remember() {
  localStorage.setItem('phones', JSON.stringify([...phones.keys()]));
}

const person = (id) => world.people.find((one) => one.userId === id || one.short === id);
const bot = (id) => world.bots.find((one) => one.botId === id);
const names = (id) => person(id)?.name.split(' ')[0];

/** The key of a talk in the world's state. */
const key = (owner, talk) => (talk.startsWith('bot:') ? `${talk}/${owner.userId}` : talk);

function talksOf(owner) {
  const list = [];
  for (const [name, talk] of Object.entries(world.talks)) {
    const [id, user] = name.split('/');
    if (id.startsWith('bot:') && user === owner.userId && bot(Number(id.slice(4)))) list.push({ id, talk });
  }
  for (const room of world.rooms) {
    const id = `room:${room.channel_id}`;
    if (room.members.includes(owner.userId)) list.push({ id, talk: world.talks[id] ?? { total: 0, messages: [] } });
  }
  return list.sort((a, b) => (b.talk.messages.at(-1)?.at ?? 0) - (a.talk.messages.at(-1)?.at ?? 0));
}

function titleOf(id) {
  if (id.startsWith('bot:')) return bot(Number(id.slice(4)))?.name ?? id;
  const room = world.rooms.find((one) => `room:${one.channel_id}` === id);
  return room ? room.title || room.members.map(names).join('、') : id;
}

// --- drawing

function draw() {
  status();
  drawPeople();
  drawPhones();
  drawPanel(world, act);
}

function drawPeople() {
  $('.people ul').replaceChildren(...world.people.map((one) => el('li', {}, el('button', {
    type: 'button', 'data-person': one.short, 'aria-pressed': String(phones.has(one.short)), title: one.reading,
    onclick: () => toggle(one.short),
  }, face(one.name, one.short), el('span', {}, one.name), unread(one) > 0 ? el('i', { class: 'count' }, String(unread(one))) : null))));
}

function unread(owner) {
  const seen = JSON.parse(localStorage.getItem(`seen/${owner.short}`) ?? '{}');
  let sum = Math.max(0, (world.mailboxes[owner.mail]?.total ?? 0) - (seen.mail ?? 0));
  for (const { id, talk } of talksOf(owner)) sum += Math.max(0, talk.total - (seen[id] ?? 0));
  return sum;
}

function read(owner, what, total) {
  const seen = JSON.parse(localStorage.getItem(`seen/${owner.short}`) ?? '{}');
  if (seen[what] === total) return;
  localStorage.setItem(`seen/${owner.short}`, JSON.stringify({ ...seen, [what]: total }));
  queueMicrotask(drawPeople);
}

function unreadIn(owner, what, total) {
  const seen = JSON.parse(localStorage.getItem(`seen/${owner.short}`) ?? '{}');
  return Math.max(0, total - (seen[what] ?? 0));
}

function toggle(short) {
  if (!phones.delete(short)) phones.set(short, { tab: 'talks', talk: null, mail: null });
  remember();
  draw();
  $(`.phone[data-phone="${short}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'smooth' });
}

const drawn = new Map();
function drawPhones() {
  const desk = $('.phones');
  const open = [...phones].map(([short, view]) => [person(short), view]).filter(([owner]) => owner);
  if (open.length === 0) {
    drawn.clear();
    desk.replaceChildren(el('p', { class: 'empty' }, word(online === 'connecting' ? 'connecting' : 'no_phones')));
    return;
  }
  for (const child of [...desk.children]) {
    if (!child.dataset.phone || !phones.has(child.dataset.phone)) { drawn.delete(child.dataset.phone); child.remove(); }
  }
  for (const [owner, view] of open) {
    let phone = $(`.phone[data-phone="${owner.short}"]`, desk);
    if (!phone) {
      phone = el('article', { class: 'phone', 'data-phone': owner.short, 'aria-label': owner.name });
      desk.append(phone);
    }
    // Redraw only what looks different, so that scrolling, typing and focus stay.
    const now = JSON.stringify([language.now, view, talksOf(owner), world.mailboxes[owner.mail], world.bots, owner.bots,
      world.rooms, mails.get(view.mail)]);
    if (drawn.get(owner.short) === now) continue;
    drawn.set(owner.short, now);
    redraw(phone, owner, view);
  }
}

function redraw(phone, owner, view) {
  const before = $('.scroll', phone);
  const atEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 40;
  const top = before?.scrollTop ?? 0;
  const same = before?.dataset.view === JSON.stringify(view);
  const held = phone.contains(document.activeElement) ? document.activeElement : null;
  const focus = held && { talk: held.dataset.talk, tab: held.dataset.tab, mail: held.dataset.mail, name: held.name };
  phone.replaceChildren(...screen(owner, view).filter(Boolean));
  const scroll = $('.scroll', phone);
  scroll.dataset.view = JSON.stringify(view);
  scroll.scrollTop = view.talk && (!same || atEnd) ? scroll.scrollHeight : same ? top : 0;
  if (focus?.name) $(`[name="${focus.name}"]`, phone)?.focus();
  else if (focus?.tab) $(`[data-tab="${focus.tab}"]`, phone)?.focus();
}

function go(owner, change) {
  Object.assign(phones.get(owner.short), change);
  drawPhones();
}

function screen(owner, view) {
  const back = (change) => el('button', { type: 'button', class: 'icon', 'aria-label': word('back'), onclick: () => go(owner, change) }, '‹');
  const put = el('button', { type: 'button', class: 'icon', 'aria-label': word('close'), onclick: () => toggle(owner.short) }, '×');
  const bar = (first, title, small) => el('header', {}, first, el('div', {}, el('strong', {}, title), small ? el('small', {}, small) : null), put);
  if (view.talk) return [bar(back({ talk: null }), titleOf(view.talk), roomLine(view.talk)), ...talkScreen(owner, view.talk)];
  if (view.mail) return [bar(back({ mail: null }), mails.get(view.mail)?.subject || word('mails')), mailScreen(owner, view)];
  const lists = { talks: talkList, bots: botList, mails: mailList };
  const box = world.mailboxes[owner.mail];
  const counts = {
    talks: talksOf(owner).reduce((sum, { id, talk }) => sum + unreadIn(owner, id, talk.total), 0),
    mails: unreadIn(owner, 'mail', box?.total ?? 0),
  };
  return [
    bar(face(owner.name, owner.short), owner.name, owner.mail),
    el('div', { class: 'scroll' }, lists[view.tab](owner)),
    el('nav', { class: 'tabs', 'aria-label': owner.name }, Object.keys(lists).map((tab) => el('button', {
      type: 'button', 'data-tab': tab, 'aria-pressed': String(view.tab === tab), onclick: () => go(owner, { tab }),
    }, word(tab), counts[tab] ? el('i', { class: 'count' }, String(counts[tab])) : null))),
  ];
}

function roomLine(id) {
  const room = world.rooms.find((one) => `room:${one.channel_id}` === id);
  return room ? `${room.members.length} ${word('members')}` : null;
}

const empty = (name) => el('p', { class: 'empty' }, word(name));

function talkList(owner) {
  const list = talksOf(owner);
  if (list.length === 0) return empty('no_talks');
  return el('ul', { class: 'rows' }, list.map(({ id, talk }) => {
    const last = talk.messages.at(-1);
    const fresh = unreadIn(owner, id, talk.total);
    return el('li', {}, el('button', { type: 'button', 'data-talk': id, onclick: () => go(owner, { talk: id }) },
      face(titleOf(id)), el('span', {}, el('strong', {}, titleOf(id)), el('small', {}, last ? gist(last) : word('no_messages'))),
      el('span', { class: 'end' }, el('time', {}, last ? clock(last.at) : ''), fresh ? el('i', { class: 'count' }, String(fresh)) : null)));
  }));
}

function botList(owner) {
  const list = owner.bots.map(bot).filter(Boolean);
  if (list.length === 0) return empty('no_bots');
  return el('ul', { class: 'rows' }, list.map((one) => el('li', {}, el('button', {
    type: 'button', 'data-talk': `bot:${one.botId}`, onclick: () => go(owner, { talk: `bot:${one.botId}`, tab: 'talks' }),
  }, face(one.name), el('span', {}, el('strong', {}, one.name), el('small', {}, one.description))))));
}

function mailList(owner) {
  const list = [...(world.mailboxes[owner.mail]?.mails ?? [])].reverse();
  read(owner, 'mail', world.mailboxes[owner.mail]?.total ?? 0);
  if (list.length === 0) return empty('no_mails');
  return el('ul', { class: 'rows' }, list.map((mail) => el('li', {}, el('button', {
    type: 'button', 'data-mail': mail.no, onclick: () => openMail(owner, mail.no),
  }, face(mail.from), el('span', {}, el('strong', {}, mail.subject || word('no_subject')), el('small', {}, mail.from)),
  el('span', { class: 'end' }, el('time', {}, clock(mail.at)))))));
}

function talkScreen(owner, id) {
  const talk = world.talks[key(owner, id)] ?? { total: 0, messages: [] };
  read(owner, id, talk.total);
  const press = async (message, button) => {
    const answer = await act('press', { person: owner.userId, talk: id, message: message.no, button });
    if (answer?.copied !== undefined) {
      navigator.clipboard?.writeText(answer.copied).catch(() => {});
      toast(`${word('copied')}: ${answer.copied}`);
    }
  };
  const author = (message) => (message.author.by === 'bot' ? bot(message.author.id)?.name ?? 'Bot' : person(message.author.id)?.name ?? '');
  const last = talk.messages.at(-1);
  const room = world.rooms.find((one) => `room:${one.channel_id}` === id);
  const partner = id.startsWith('bot:') ? bot(Number(id.slice(4))) : null;
  return [
    room ? roomBots(room) : null,
    el('div', { class: 'scroll talk', 'data-open-talk': id, role: 'log', tabindex: '0', 'aria-label': titleOf(id) },
      talk.messages.length === 0 ? empty('no_messages') : talk.messages.map((message) => {
        if (message.author.by === 'system') return el('p', { class: 'note', 'data-message': message.no }, message.content.text);
        const mine = message.author.by === 'person' && message.author.id === owner.userId;
        return el('div', { class: `message ${mine ? 'mine' : ''} ${message.author.by}`, 'data-message': message.no },
          mine ? null : face(author(message), person(message.author.id)?.short),
          el('div', { class: 'said' }, mine ? null : el('small', { class: 'who' }, author(message)),
            el('div', { class: 'body' }, body(message, names, (button) => press(message, button)))),
          el('time', {}, clock(message.at)));
      })),
    last && last.author.by === 'bot' ? quick(last, (button) => press(last, button)) : null,
    compose(owner, id, partner, talk),
  ];
}

function roomBots(room) {
  const others = world.bots.filter((one) => one.groups && !room.bots.includes(one.botId));
  if (room.bots.length === 0 && others.length === 0) return null;
  const row = (one, path, label) => el('li', {}, one.name, el('button', {
    type: 'button', class: 'quiet', 'data-bot': one.botId, onclick: () => act(path, { room: room.channel_id, bot: one.botId }),
  }, word(label)));
  return el('details', { class: 'room-bots' }, el('summary', {}, `${word('bots_in')} ${room.bots.length}`),
    el('ul', {}, room.bots.map(bot).filter(Boolean).map((one) => row(one, 'remove', 'remove')), others.map((one) => row(one, 'invite', 'invite'))));
}

function compose(owner, id, partner, talk) {
  if (partner && !partner.takesText) return el('p', { class: 'deaf' }, word('deaf'));
  const place = `${owner.short}/${id}`;
  const input = el('input', {
    name: 'text', 'aria-label': word('write'), placeholder: word('write'), autocomplete: 'off',
    'prop:value': drafts.get(place) ?? '', oninput: () => drafts.set(place, input.value),
  });
  return el('form', { class: 'compose', onsubmit: async (event) => {
    event.preventDefault();
    const text = input.value;
    if (text.trim() === '') return;
    drafts.delete(place);
    input.value = '';
    if (!await act('say', { person: owner.userId, talk: id, text })) { drafts.set(place, text); input.value = text; }
  } },
  partner && talk.total === 0 ? el('button', { type: 'button', class: 'quiet', onclick: () => act('start', { person: owner.userId, bot: partner.botId }) }, word('start')) : null,
  input, el('button', { type: 'submit' }, word('send')));
}

async function openMail(owner, no) {
  if (!mails.has(no)) {
    const reply = await fetch(`/control/mail/${no}`);
    if (!reply.ok) return toast(word('refused'));
    mails.set(no, await reply.json());
  }
  return go(owner, { mail: no, part: mails.get(no).html ? 'html' : 'text' });
}

function mailScreen(owner, view) {
  const mail = mails.get(view.mail);
  if (!mail) return el('div', { class: 'scroll' });
  const tab = (part, name) => el('button', { type: 'button', 'data-part': part, 'aria-pressed': String(view.part === part), onclick: () => go(owner, { part }) }, word(name));
  const links = '<base target="_blank"><meta name="referrer" content="no-referrer">';
  const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">';
  const parts = {
    html: () => el('iframe', { sandbox: 'allow-popups allow-popups-to-escape-sandbox', title: mail.subject, srcdoc: policy + links + mail.html }),
    text: () => el('pre', {}, ...(mail.text === null ? [word('no_text')] : linked(mail.text))),
    headers: () => el('pre', { class: 'headers' }, mail.headers.map(([name, value]) => `${name}: ${value}`).join('\n')),
  };
  return el('div', { class: 'scroll mail', 'data-open-mail': mail.no },
    el('div', { class: 'envelope' }, el('strong', {}, mail.subject || word('no_subject')), el('small', {}, mail.from), el('small', {}, `→ ${mail.to}`)),
    el('div', { class: 'parts' }, mail.html ? tab('html', 'html_part') : null, tab('text', 'text_part'), tab('headers', 'headers')),
    parts[view.part]());
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"「」（）]+)/).map((part, place) =>
    place % 2 ? el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part);
}

// --- the buttons at the top

$('[data-do="reset"]').addEventListener('click', async () => {
  if (!confirm(word('reset_sure'))) return;
  await act('reset');
});
$('[data-do="language"]').addEventListener('click', () => { language.turn(); words(); draw(); });
const panelButton = $('[data-do="panel"]');
function panel(open) {
  $('#panel').hidden = !open;
  panelButton.setAttribute('aria-expanded', String(open));
}
panelButton.addEventListener('click', () => panel($('#panel').hidden));

function words() {
  speak();
  document.title = `${word('title')} — Todoke sandbox`;
  $('[data-do="language"]').textContent = language.now === 'ja' ? 'English' : '日本語';
}

listenToPanel(act);
words();
panel(matchMedia('(min-width: 900px)').matches);
// `?open=sato,ito&talk=bot:2000001`, `&mail=1` or `&tab=mails` puts these phones on the desk.
const asked = new URLSearchParams(location.search);
const open = asked.get('open')?.split(',') ?? JSON.parse(localStorage.getItem('phones') ?? '["sato"]');
for (const short of open) phones.set(short, { tab: asked.get('tab') ?? 'talks', talk: asked.get('talk'), mail: null });
draw();
listen();
const letter = Number(asked.get('mail'));
if (letter) fetch(`/control/mail/${letter}`).then((reply) => reply.json()).then((mail) => {
  mails.set(letter, mail);
  for (const view of phones.values()) Object.assign(view, { mail: letter, part: mail.html ? 'html' : 'text' });
  drawPhones();
});
