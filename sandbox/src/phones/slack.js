// Slack on a phone: channels, the app's DM, buttons, threads, edits.

import { clock, el, face } from './draw.js';
import { word } from './words.js';

const state = (desk) => desk.world.slack ?? { users: [], apps: [], channels: [], talks: {} };
const me = (desk, owner) => state(desk).users.find((user) => user.person === owner.userId);
const talkOf = (desk, id) => state(desk).talks?.[id] ?? { total: 0, messages: [] };
const mine = (desk, user) => state(desk).channels.filter((one) => one.members.includes(user.id));
const dm = (desk, user, app) => state(desk).channels.find((one) => one.user === user.id && one.app === app.id);
const userName = (desk, id) => state(desk).users.find((user) => user.id === id)?.realName;

function titleOf(desk, channel) {
  if (channel.kind === 'im') return state(desk).apps.find((app) => app.id === channel.app)?.name ?? channel.id;
  return `${channel.kind === 'private' ? '🔒' : '#'} ${channel.name}`;
}

/** What the page's shell knows of Slack. */
export const slack = {
  id: 'slack',
  name: 'Slack',
  unread(desk, owner) {
    const user = me(desk, owner);
    if (!user) return 0;
    return mine(desk, user).reduce((sum, one) => sum + desk.unreadIn(owner, `slack/${one.id}`, talkOf(desk, one.id).total), 0);
  },
  screen(desk, owner, view) {
    const user = me(desk, owner);
    const team = state(desk).team?.name ?? 'Slack';
    if (!user || user.deleted) {
      return { title: team, sub: null, back: null, body: [el('div', { class: 'scroll' }, el('p', { class: 'empty' }, word('slack_deactivated')))] };
    }
    const channel = mine(desk, user).find((one) => one.id === view.talk);
    if (!channel) return { title: team, sub: user.email, back: null, body: [list(desk, owner, user)] };
    const members = channel.kind === 'im' ? word('slack_app') : `${channel.members.length} ${word('members')}`;
    return {
      title: titleOf(desk, channel),
      sub: channel.archived ? word('slack_archived') : members,
      back: { talk: null },
      body: talk(desk, owner, user, channel),
    };
  },
};

function list(desk, owner, user) {
  const row = (id, title, open) => {
    const { total, messages } = talkOf(desk, id);
    const last = messages.filter((one) => seen(one, user)).at(-1);
    const fresh = id ? desk.unreadIn(owner, `slack/${id}`, total) : 0;
    return el('li', {}, el('button', { type: 'button', 'data-talk': id ?? title, onclick: open },
      face(title.replace(/^(#|🔒) /u, ''), title),
      el('span', {}, el('strong', {}, title), el('small', {}, last ? gist(desk, last) : word('no_messages'))),
      el('span', { class: 'end' }, el('time', {}, last ? clock(last.at) : ''), fresh ? el('i', { class: 'count' }, String(fresh)) : null)));
  };
  const apps = state(desk).apps.map((app) => {
    const known = dm(desk, user, app);
    if (!known && !app.installed) return null;
    return row(known?.id, app.name, async () => {
      const id = known?.id ?? (await desk.act('slack/open', { person: user.id, app: app.id }))?.channel;
      if (id) desk.go(owner, { talk: id });
    });
  });
  const channels = mine(desk, user).filter((one) => one.kind !== 'im')
    .map((one) => row(one.id, titleOf(desk, one), () => desk.go(owner, { talk: one.id })));
  return el('div', { class: 'scroll' }, el('ul', { class: 'rows' }, apps, channels));
}

const seen = (message, user) => !message.onlyFor || message.onlyFor === user.id;

function talk(desk, owner, user, channel) {
  const { total, messages } = talkOf(desk, channel.id);
  desk.read(owner, `slack/${channel.id}`, total);
  const shown = messages.filter((one) => seen(one, user));
  const app = state(desk).apps.find((one) => one.id === channel.app);
  const closed = channel.archived || (app && !(app.installed && app.settings.messages_tab));
  return [
    channel.kind === 'im' || channel.archived ? null : apps(desk, channel),
    el('div', { class: 'scroll talk', 'data-open-talk': channel.id, role: 'log', tabindex: '0', 'aria-label': titleOf(desk, channel) },
      shown.length === 0 ? el('p', { class: 'empty' }, word('no_messages')) : shown.map((one) => message(desk, user, channel, one))),
    closed
      ? el('p', { class: 'deaf' }, word(channel.archived ? 'slack_archived' : 'slack_closed'))
      : desk.compose(owner, `slack/${channel.id}`, (text) => desk.act('slack/say', { person: user.id, channel: channel.id, text })),
  ].filter(Boolean);
}

function apps(desk, channel) {
  const rows = state(desk).apps.filter((app) => app.installed).map((app) => {
    const inside = channel.members.includes(app.botUser);
    return el('li', {}, app.name, el('button', { type: 'button', class: 'quiet', 'data-bot': app.id,
      onclick: () => desk.act(inside ? 'slack/kick' : 'slack/invite', { channel: channel.id, app: app.id }) }, word(inside ? 'remove' : 'invite')));
  });
  if (rows.length === 0) return null;
  const inside = state(desk).apps.filter((app) => channel.members.includes(app.botUser)).length;
  return el('details', { class: 'room-bots' }, el('summary', {}, `${word('slack_apps_in')} ${inside}`), el('ul', {}, rows));
}

function message(desk, user, channel, one) {
  if (one.author.by === 'system') return el('p', { class: 'note', 'data-message': one.ts }, one.text);
  const own = one.author.by === 'user' && one.author.id === user.id;
  const author = one.author.by === 'app'
    ? one.shownName ?? state(desk).apps.find((app) => app.id === one.author.id)?.name ?? 'App'
    : userName(desk, one.author.id) ?? one.author.id;
  const small = [
    one.edits > 0 ? word('slack_edited') : null,
    one.onlyFor ? word('slack_only_you') : null,
    one.threadTs ? word('slack_reply') : null,
  ].filter(Boolean).join(' · ');
  return el('div', { class: `message ${own ? 'mine' : ''} ${one.author.by === 'app' ? 'bot' : 'person'} ${one.threadTs ? 'slack-reply' : ''}`, 'data-message': one.ts },
    own ? null : face(author, state(desk).users.find((user) => user.id === one.author.id)?.name),
    el('div', { class: 'said' }, own ? null : el('small', { class: 'who' }, author),
      el('div', { class: 'body' }, body(desk, user, channel, one)),
      small ? el('small', { class: 'slack-small' }, small) : null,
      one.pressFailed.includes(user.id) ? el('small', { class: 'slack-small slack-bad', role: 'alert' }, word('slack_press_failed')) : null),
    el('time', {}, clock(one.at)));
}

/** With blocks, the text is only the line of the notification. */
function body(desk, user, channel, one) {
  if (one.blocks.length === 0) return [el('p', { class: 'prose' }, prose(desk, one.text))];
  let next = 0;
  const button = (element) => {
    if (element.type !== 'button') return el('span', { class: 'slack-small' }, element.type);
    const no = next++;
    const attributes = { class: `button slack-${element.style ?? 'plain'}`, 'data-button': no, 'data-action': element.action_id };
    const press = () => desk.act('slack/press', { person: user.id, channel: channel.id, ts: one.ts, button: no });
    return /^https?:/i.test(element.url ?? '')
      ? el('a', { ...attributes, href: element.url, target: '_blank', rel: 'noopener noreferrer', onclick: () => { press(); } }, plain(element.text))
      : el('button', { ...attributes, type: 'button', onclick: press }, plain(element.text));
  };
  const accessory = (element) => (element?.type === 'image' ? image(element) : element ? button(element) : null);
  return one.blocks.map((block) => {
    switch (block.type) {
      case 'header': return el('p', { class: 'prose bold slack-header' }, plain(block.text));
      // The accessory's number comes first, as in the world.
      case 'section': {
        const last = accessory(block.accessory);
        return el('div', {}, block.text ? el('p', { class: 'prose' }, text(desk, block.text)) : null,
          block.fields ? el('div', { class: 'slack-fields' }, block.fields.map((field) => el('p', { class: 'prose' }, text(desk, field)))) : null, last);
      }
      case 'context': return el('p', { class: 'prose slack-small' }, block.elements.map((element) =>
        (element.type === 'image' ? `[${element.alt_text}] ` : el('span', {}, text(desk, element), ' '))));
      case 'actions': return el('div', { class: 'buttons' }, block.elements.map(button));
      case 'divider': return el('hr', { class: 'slack-line' });
      case 'image': return image(block);
      case 'markdown': return el('p', { class: 'prose' }, block.text);
      default: return el('p', { class: 'slack-small' }, block.type);
    }
  });
}

const image = (one) => el('div', { class: 'picture' }, one.alt_text, one.image_url ? el('small', {}, one.image_url) : null);

const decode = (value) => String(value ?? '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
/** A plain_text object is shown as it is: nothing is markup there, and nothing is an entity. */
const plain = (object) => String(object?.text ?? '');
const text = (desk, object) => (object.type === 'mrkdwn' ? prose(desk, object.text) : plain(object));

/** Slack's mrkdwn: mentions, links, bold, italic, strike and code. */
function prose(desk, value) {
  const parts = [];
  let last = 0;
  const pattern = /<([^<>\n]+)>|(?<![\p{L}\p{N}])(?:\*([^*\n]+)\*|_([^_\n]+)_|~([^~\n]+)~|`([^`\n]+)`)(?![\p{L}\p{N}])/gu;
  for (const match of String(value ?? '').matchAll(pattern)) {
    parts.push(decode(value.slice(last, match.index)));
    const [, tag, bold, italic, strike, code] = match;
    if (tag !== undefined) parts.push(tagged(desk, tag));
    else if (bold !== undefined) parts.push(el('b', {}, prose(desk, bold)));
    else if (italic !== undefined) parts.push(el('i', {}, prose(desk, italic)));
    else if (strike !== undefined) parts.push(el('s', {}, prose(desk, strike)));
    else parts.push(el('code', {}, decode(code)));
    last = match.index + match[0].length;
  }
  parts.push(decode(value.slice(last)));
  return parts;
}

function tagged(desk, tag) {
  const [target, label] = tag.split('|');
  if (target.startsWith('@')) return el('b', { class: 'mention' }, `@${userName(desk, target.slice(1)) ?? target.slice(1)}`);
  if (target.startsWith('!')) return el('b', { class: 'mention' }, target.startsWith('!date') ? label ?? target : `@${target.slice(1).split('^')[0]}`);
  if (target.startsWith('#')) {
    const channel = state(desk).channels.find((one) => one.id === target.slice(1));
    return el('b', { class: 'mention' }, channel ? titleOf(desk, channel) : `#${label ?? target.slice(1)}`);
  }
  const url = decode(target);
  return /^(https?:|mailto:)/i.test(url)
    ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, decode(label ?? target))
    : `<${decode(tag)}>`;
}

/** One line for the list. */
function gist(desk, one) {
  const first = one.text || one.blocks.map((block) => block.text?.text ?? block.fields?.[0]?.text).find(Boolean) || '';
  const line = el('span', {}, prose(desk, first));
  return line.textContent;
}
