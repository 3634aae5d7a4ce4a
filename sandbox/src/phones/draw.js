// Draws messages. Untrusted text only ever goes through textContent.

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
function safe(url) {
  return /^(https?:|mailto:|tel:)/i.test(url ?? '') ? url : null;
}

/** Text with mentions as names and web addresses as links. */
function prose(text, message, names) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(/<m userId="([^"<>]+)">|https?:\/\/[^\s<>"「」（）]+/g)) {
    parts.push(text.slice(last, match.index));
    if (match[1] !== undefined && message.author.by === 'bot') {
      const mention = message.mentions.find((one) => one.written === match[1]);
      const who = match[1] === 'all' ? 'All' : names(mention?.users[0]) ?? match[1];
      parts.push(el('b', { class: 'mention' }, `@${who}`));
    } else if (match[1] !== undefined) {
      parts.push(match[0]);
    } else {
      parts.push(el('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer' }, match[0]));
    }
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

function picture(fields, alt) {
  const url = fields.originalContentUrl ?? fields.previewImageUrl ?? fields.backgroundImageUrl ?? fields.url;
  return el('div', { class: 'picture' }, alt ?? word('image'), url ? el('small', {}, url) : null);
}

/** The body of a message. `press(buttonNo)` is called by its buttons. */
export function body(message, names, press) {
  const content = message.content;
  const text = (value, tag = 'p', css = 'prose') =>
    value ? el(tag, { class: css }, prose(String(value), message, names)) : null;
  const button = (action, css = 'button') => {
    if (!action) return null;
    const attributes = { class: css, 'data-button': action._button, 'data-action': action.type };
    const label = action.label ?? action.text ?? action.uri ?? action.type;
    if (action.type === 'uri' && safe(action.uri)) {
      return el('a', { ...attributes, href: action.uri, target: '_blank', rel: 'noopener noreferrer' }, label);
    }
    return el('button', { ...attributes, type: 'button', onclick: () => press(action._button) }, label);
  };
  const rows = (actions) => (actions ?? []).flat().map((action) => button(action));
  switch (content.type) {
    case 'text': return [text(content.text)];
    case 'link': return [text(content.contentText),
      safe(content.link)
        ? el('a', { class: 'button', href: content.link, target: '_blank', rel: 'noopener noreferrer' }, content.linkText)
        : text(content.linkText)];
    case 'button_template': return [text(content.contentText), el('div', { class: 'buttons' }, rows(content.actions))];
    case 'list_template': return [
      content.coverData ? el('div', { class: 'cover' }, picture(content.coverData, content.coverData.title ?? word('image'))) : null,
      el('ul', { class: 'elements' }, (content.elements ?? []).map((element) => el('li', {},
        el('div', {}, text(element.title, 'strong'), text(element.subtitle, 'small')), button(element.action)))),
      el('div', { class: 'buttons' }, rows(content.actions))];
    case 'carousel': return [el('div', { class: 'columns' }, (content.columns ?? []).map((column) => el('section', {},
      column.originalContentUrl || column.fileId ? picture(column) : null,
      text(column.title, 'strong'), text(column.text),
      column.defaultAction ? button({ label: '…', ...column.defaultAction }) : null, rows(column.actions))))];
    case 'image_carousel': return [el('div', { class: 'columns' },
      (content.columns ?? []).map((column) => el('section', {}, picture(column), button(column.action))))];
    case 'flex': return [el('div', { class: 'flex', title: content.altText }, flex(content.contents, text, button))];
    case 'location': return [text(content.title, 'strong'), text(content.address)];
    case 'sticker': return [el('div', { class: 'picture' }, `${word('sticker')} ${content.packageId}-${content.stickerId}`)];
    default: return [picture(content, word(content.type) ?? content.type)];
  }
}

function flex(node, text, button) {
  if (!node) return null;
  switch (node.type) {
    case 'carousel': return el('div', { class: 'columns' }, (node.contents ?? []).map((one) => flex(one, text, button)));
    case 'bubble': return el('section', { class: 'bubble' },
      ['header', 'hero', 'body', 'footer'].map((part) => flex(node[part], text, button)), button(node.action));
    case 'box': return el('div', { class: `box ${node.layout}` },
      (node.contents ?? []).map((one) => flex(one, text, button)), node.action ? button({ label: '›', ...node.action }) : null);
    case 'text': return el('p', { class: node.weight === 'bold' ? 'prose bold' : 'prose' },
      text(node.text, 'span') ?? '', (node.contents ?? []).map((span) => text(span.text, 'span')));
    case 'button': return button(node.action);
    case 'separator': return el('hr');
    case 'image': case 'video': case 'icon': return picture(node);
    default: return null;
  }
}

/** The quick replies under the newest message. */
export function quick(message, press) {
  const items = message?.content.quickReply?.items ?? [];
  return items.length === 0 ? null : el('div', { class: 'quick' }, items.map(({ action }) =>
    el('button', { type: 'button', 'data-button': action._button, onclick: () => press(action._button) }, action.label)));
}

/** One line for a list of talks. */
export function gist(message) {
  const content = message.content;
  return content.text ?? content.contentText ?? content.altText ?? content.title ?? content.elements?.[0]?.title
    ?? content.columns?.[0]?.text ?? word(content.type);
}
