// The notifications of a person's browsers, as the system of the phone shows them.

import { clock, el, link, safe } from './draw.js';
import { word } from './words.js';

const own = (desk, owner) => (desk.world.push?.devices ?? []).filter((one) => one.person === owner.userId);
const total = (desk, owner) => own(desk, owner).reduce((sum, one) => sum + one.total, 0);

/** Device notifications as the phones page wants an app. */
export const push = {
  id: 'push',
  name: 'Web Push',
  unread: (desk, owner) => desk.unreadIn(owner, 'push', total(desk, owner)),
  state: (desk, owner) => own(desk, owner),
  screen: (desk, owner) => ({ title: word('push'), sub: owner.name, back: null, body: [el('div', { class: 'scroll' }, list(desk, owner))] }),
};

function list(desk, owner) {
  const all = own(desk, owner).flatMap((one) => one.shown).sort((a, b) => b.at - a.at);
  desk.read(owner, 'push', total(desk, owner));
  if (all.length === 0) return el('p', { class: 'empty' }, word('no_push'));
  return el('ul', { class: 'rows push' }, all.map(({ at, data }) => el('li', { 'data-push': data.tag },
    el('div', {}, el('strong', {}, data.title), el('time', {}, clock(at))),
    data.body ? el('p', {}, data.body) : null,
    safe(data.link) ? link(data.link, word('open')) : null)));
}
