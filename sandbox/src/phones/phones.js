// The desk: one phone per person with an app per messenger, drawn from the world's state and redrawn where it
// changed.

import { el, face } from './draw.js';
import { googleChat } from './google_chat.js';
import { line } from './line.js';
import { lineworks } from './lineworks.js';
import { mail, open as openMail } from './mail.js';
import { drawPanel, listenToPanel } from './panel.js';
import { push } from './push.js';
import { slack } from './slack.js';
import { language, speak, word } from './words.js';

const APPS = [lineworks, line, slack, googleChat, mail, push];
/** Shown under the icons. `data-tab` is a name from before there were apps. */
const DOCK = { lineworks: ['W', 'WORKS'], line: ['L', 'LINE'], slack: ['S', 'Slack'], google_chat: ['G', 'Chat'], mail: ['✉', null, 'mails'], push: ['♪', 'Push'] };

const world = { people: [], rooms: [], bots: [], talks: {}, mailboxes: {}, faults: [], limits: {}, callbacks: [], requests: [], violations: [] };
/** Open phones by short name: which app is in front, and each app's own view. */
const phones = new Map();
const drafts = new Map();
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
    take(world, news);
    online = 'live';
    draw();
  };
  socket.onclose = () => {
    online = 'lost';
    status();
    setTimeout(listen, 1000);
  };
}

/** Talks and mailboxes come only where touched; an app's own part may hold talks too. */
function take(known, news) {
  for (const [name, value] of Object.entries(news)) {
    if (name === 'talks' || name === 'mailboxes') Object.assign(known[name] ??= {}, value);
    else if (value?.talks && !Array.isArray(value.talks)) take(known[name] ??= {}, value);
    else known[name] = value;
  }
}

function forget(anew) {
  world.talks = {};
  world.mailboxes = {};
  for (const app of APPS) delete world[app.id];
  if (!anew) return;
  mail.forget();
  for (const one of world.people) localStorage.removeItem(`seen/${one.short}`);
  for (const [short, { app }] of phones) phones.set(short, { app });
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
  const place = $('[data-live]');
  place.dataset.live = online;
  place.textContent = word(online);
}

function remember() {
  localStorage.setItem('phones', JSON.stringify([...phones.keys()]));
}

const person = (id) => world.people.find((one) => one.userId === id || one.short === id);
const seenBy = (owner) => JSON.parse(localStorage.getItem(`seen/${owner.short}`) ?? '{}');

/** What the apps get to work with (see the head of each). */
const desk = {
  world,
  act,
  toast,
  person,
  names: (id) => person(id)?.name.split(' ')[0],
  go(owner, change) {
    const view = phones.get(owner.short);
    view[view.app] = { ...view[view.app], ...change };
    drawPhones();
  },
  unreadIn: (owner, what, total) => Math.max(0, total - (seenBy(owner)[what] ?? 0)),
  read(owner, what, total) {
    const seen = seenBy(owner);
    if (seen[what] === total) return;
    localStorage.setItem(`seen/${owner.short}`, JSON.stringify({ ...seen, [what]: total }));
    queueMicrotask(() => { drawPeople(); drawPhones(); });
  },
  /** Shows what pressing a button gave, where the phone itself has to do it. */
  async pressed(answer) {
    const { copied } = await answer ?? {};
    if (copied === undefined) return;
    navigator.clipboard?.writeText(copied).catch(() => {});
    toast(`${word('copied')}: ${copied}`);
  },
  /** The row to write in; `send` gives nothing when it failed, then the text stays. */
  compose(owner, what, send, before = null) {
    const place = `${owner.short}/${what}`;
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
      if (!await send(text)) { drafts.set(place, text); input.value = text; }
    } }, before, input, el('button', { type: 'submit' }, word('send')));
  },
};

// --- drawing

function draw() {
  status();
  drawPeople();
  drawPhones();
  drawPanel(world, act);
}

const unread = (owner) => APPS.reduce((sum, app) => sum + app.unread(desk, owner), 0);

function drawPeople() {
  $('.people ul').replaceChildren(...world.people.map((one) => el('li', {}, el('button', {
    type: 'button', 'data-person': one.short, 'aria-pressed': String(phones.has(one.short)), title: one.reading,
    onclick: () => toggle(one.short),
  }, face(one.name, one.short), el('span', {}, one.name), unread(one) > 0 ? el('i', { class: 'count' }, String(unread(one))) : null))));
}

function toggle(short) {
  if (phones.has(short)) phones.delete(short);
  else phones.set(short, { app: 'lineworks' });
  remember();
  draw();
  $(`.phone[data-phone="${short}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'smooth' });
}

const drawn = new Map();
function drawPhones() {
  const place = $('.phones');
  const open = [...phones].map(([short, view]) => [person(short), view]).filter(([owner]) => owner);
  if (open.length === 0) {
    drawn.clear();
    place.replaceChildren(el('p', { class: 'empty' }, word(online === 'connecting' ? 'connecting' : 'no_phones')));
    return;
  }
  for (const child of [...place.children]) {
    if (!child.dataset.phone || !phones.has(child.dataset.phone)) { drawn.delete(child.dataset.phone); child.remove(); }
  }
  for (const [owner, view] of open) {
    let phone = $(`.phone[data-phone="${owner.short}"]`, place);
    if (!phone) {
      phone = el('article', { class: 'phone', 'data-phone': owner.short, 'aria-label': owner.name });
      place.append(phone);
    }
    // Redraw only what looks different, so that scrolling, typing and focus stay.
    const app = APPS.find((one) => one.id === view.app);
    const mine = view[app.id] ?? {};
    const now = JSON.stringify([language.now, view, app.state ? app.state(desk, owner, mine) : world[app.id], APPS.map((one) => one.unread(desk, owner))]);
    if (drawn.get(owner.short) === now) continue;
    drawn.set(owner.short, now);
    redraw(phone, owner, app, mine);
  }
}

function redraw(phone, owner, app, view) {
  const before = $('.scroll', phone);
  const atEnd = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 40;
  const top = before?.scrollTop ?? 0;
  const shown = JSON.stringify([app.id, view]);
  const same = before?.dataset.view === shown;
  const held = phone.contains(document.activeElement) ? document.activeElement : null;
  const focus = held && { tab: held.dataset.tab, app: held.dataset.app, name: held.name };
  const writing = held?.name && 'value' in held && held.name !== 'text' ? held.value : null;
  phone.replaceChildren(...screen(owner, app, view));
  const scroll = $('.scroll', phone);
  if (scroll) {
    scroll.dataset.view = shown;
    scroll.scrollTop = scroll.classList.contains('talk') && (!same || atEnd) ? scroll.scrollHeight : same ? top : 0;
  }
  const again = focus?.name ? $(`[name="${focus.name}"]`, phone) : focus?.app ? $(`[data-app="${focus.app}"]`, phone)
    : focus?.tab ? $(`[data-tab="${focus.tab}"]`, phone) : null;
  again?.focus();
  if (again && writing !== null && same) again.value = writing;
}

function screen(owner, app, view) {
  const { title, sub, back, body } = app.screen(desk, owner, view);
  const first = back
    ? el('button', { type: 'button', class: 'icon', 'aria-label': word('back'), onclick: () => desk.go(owner, back) }, '‹')
    : face(owner.name, owner.short);
  return [
    el('header', {}, first, el('div', {}, el('strong', {}, title), sub ? el('small', {}, sub) : null),
      el('button', { type: 'button', class: 'icon', 'aria-label': word('close'), onclick: () => toggle(owner.short) }, '×')),
    ...[body].flat().filter(Boolean),
    el('nav', { class: 'tabs dock', 'aria-label': `${owner.name}: ${word('apps')}` }, APPS.map((one) => {
      const [sign, short, old] = DOCK[one.id];
      const count = one.unread(desk, owner);
      return el('button', {
        type: 'button', 'data-app': one.id, 'data-tab': old ?? one.id, 'aria-pressed': String(one === app), title: one.name,
        onclick: () => { phones.get(owner.short).app = one.id; drawPhones(); },
      }, el('span', { class: `sign app-${one.id}`, 'aria-hidden': 'true' }, sign), el('span', {}, short ?? word('mails')),
      count ? el('i', { class: 'count' }, String(count)) : null);
    })),
  ];
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

/** `?open=sato,ito&talk=bot:2000001`, `&app=line&talk=oa:2000000002`, `&tab=mails`, `&tab=bots` or `&mail=1`. */
async function asked() {
  const query = new URLSearchParams(location.search);
  const tab = query.get('tab');
  const letter = Number(query.get('mail'));
  const wanted = letter || tab === 'mails' ? 'mail' : query.get('app');
  const app = APPS.some((one) => one.id === wanted) ? wanted : 'lineworks';
  const open = query.get('open')?.split(',') ?? JSON.parse(localStorage.getItem('phones') ?? '["sato"]');
  const view = app === 'lineworks' ? { tab: tab ?? 'talks', talk: query.get('talk') }
    : app === 'google_chat' ? { space: query.get('talk') } : { talk: query.get('talk') };
  for (const short of open) phones.set(short, { app, [app]: { ...view } });
  if (!letter) return;
  const shown = await openMail(letter);
  for (const one of phones.values()) one.mail = shown ?? {};
  drawPhones();
}

listenToPanel(act);
words();
panel(matchMedia('(min-width: 900px)').matches);
asked();
draw();
listen();
