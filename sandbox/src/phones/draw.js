// The small parts that every app draws with. Untrusted text only ever goes through textContent.

import { word } from './words.js';

/** An element with attributes, listeners (`on…`) and children; strings become text. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.startsWith('prop:')) element[name.slice(5)] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function clock(ms) {
  return new Intl.DateTimeFormat('ja-JP', { hour: '2-digit', minute: '2-digit' }).format(ms);
}

/** A colour of their own for everyone, steady across visits. */
export function face(text, name = text) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return el('span', { class: 'face', style: `--hue:${sum}`, 'aria-hidden': 'true' }, [...text][0] ?? '?');
}

/** Only what a browser may open: everything else stays text. */
export function safe(url) {
  return /^(https?:|mailto:|tel:)/i.test(url ?? '') ? url : null;
}

/** A link that opens beside the page. */
export function link(url, label = url, attributes = {}) {
  return el('a', { ...attributes, href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

/** Text in which web addresses are links; `part` draws what stands between them. */
export function linked(text, part = (between) => between) {
  return text.split(/(https?:\/\/[^\s<>"「」（）]+)/).map((piece, place) => (place % 2 ? link(piece) : part(piece))).flat();
}

/** The button of an action object that carries its number in `_button`. */
export function button(action, press, { css = 'button', style } = {}) {
  if (!action) return null;
  const attributes = { class: css, style, 'data-button': action._button, 'data-action': action.type };
  const label = action.label ?? action.text ?? action.uri ?? action.type;
  if (action.type === 'uri' && safe(action.uri)) return link(action.uri, label, attributes);
  return el('button', { ...attributes, type: 'button', onclick: () => press(action._button) }, label);
}

/** A stand-in for an image: nothing outside this machine is loaded. */
export function picture(fields, alt, style) {
  const url = fields.originalContentUrl ?? fields.previewImageUrl ?? fields.backgroundImageUrl ?? fields.url ?? fields.imageUrl
    ?? fields.thumbnailImageUrl;
  return el('div', { class: 'picture', style }, alt ?? word('image'), url ? el('small', {}, url) : null);
}

/** Quick replies under the newest message. */
export function quick(message, press) {
  const items = message?.content.quickReply?.items ?? [];
  return items.length === 0 ? null : el('div', { class: 'quick' }, items.map(({ action }) =>
    el('button', { type: 'button', 'data-button': action._button, onclick: () => press(action._button) }, action.label)));
}

/** One message of a talk: who, what, when. */
export function bubble({ no, at, mine, by, who, seed }, body) {
  return el('div', { class: `message ${mine ? 'mine' : ''} ${by}`, 'data-message': no },
    mine ? null : face(who, seed ?? who),
    el('div', { class: 'said' }, mine ? null : el('small', { class: 'who' }, who), el('div', { class: 'body' }, body)),
    el('time', {}, clock(at)));
}
