// The mail app of a phone.

import { clock, el, face, linked } from './draw.js';
import { word } from './words.js';

/** Opened mails by number. */
const mails = new Map();

const boxOf = (desk, owner) => desk.world.mailboxes[owner.mail];

/** Mail as the phones page wants an app. `view`: `{mail, part}`. */
export const mail = {
  id: 'mail',
  name: 'Mail',
  unread: (desk, owner) => desk.unreadIn(owner, 'mail', boxOf(desk, owner)?.total ?? 0),
  state: (desk, owner, view) => [boxOf(desk, owner), mails.has(view.mail)],
  screen(desk, owner, view) {
    if (!view.mail) return { title: owner.name, sub: owner.mail, back: null, body: [el('div', { class: 'scroll' }, list(desk, owner))] };
    const open = mails.get(view.mail);
    return { title: open?.subject || word('mails'), sub: null, back: { mail: null }, body: [open ? letter(desk, owner, open, view.part) : el('div', { class: 'scroll' })] };
  },
  /** The world began anew. */
  forget: () => mails.clear(),
};

/** Fetches a mail; gives the view that shows it, or nothing. */
export async function open(no) {
  if (!mails.has(no)) {
    const reply = await fetch(`/control/mail/${no}`);
    if (!reply.ok) return null;
    mails.set(no, await reply.json());
  }
  return { mail: no, part: mails.get(no).html ? 'html' : 'text' };
}

function list(desk, owner) {
  const all = [...(boxOf(desk, owner)?.mails ?? [])].reverse();
  desk.read(owner, 'mail', boxOf(desk, owner)?.total ?? 0);
  if (all.length === 0) return el('p', { class: 'empty' }, word('no_mails'));
  const show = async (no) => {
    const view = await open(no);
    if (view) desk.go(owner, view);
    else desk.toast(word('refused'));
  };
  return el('ul', { class: 'rows' }, all.map((one) => el('li', {}, el('button', {
    type: 'button', 'data-mail': one.no, onclick: () => show(one.no),
  }, face(one.from), el('span', {}, el('strong', {}, one.subject || word('no_subject')), el('small', {}, one.from)),
  el('span', { class: 'end' }, el('time', {}, clock(one.at)))))));
}

function letter(desk, owner, one, shown) {
  const tab = (part, name) => el('button', { type: 'button', 'data-part': part, 'aria-pressed': String(shown === part), onclick: () => desk.go(owner, { part }) }, word(name));
  const links = '<base target="_blank"><meta name="referrer" content="no-referrer">';
  const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">';
  const parts = {
    html: () => el('iframe', { sandbox: 'allow-popups allow-popups-to-escape-sandbox', title: one.subject, srcdoc: policy + links + one.html }),
    text: () => el('pre', {}, ...(one.text === null ? [word('no_text')] : linked(one.text))),
    headers: () => el('pre', { class: 'headers' }, one.headers.map(([name, value]) => `${name}: ${value}`).join('\n')),
  };
  return el('div', { class: 'scroll mail', 'data-open-mail': one.no },
    el('div', { class: 'envelope' }, el('strong', {}, one.subject || word('no_subject')), el('small', {}, one.from), el('small', {}, `→ ${one.to}`)),
    el('div', { class: 'parts' }, one.html ? tab('html', 'html_part') : null, tab('text', 'text_part'), tab('headers', 'headers')),
    parts[shown]());
}
