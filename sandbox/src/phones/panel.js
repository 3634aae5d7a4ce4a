// The side panel: what goes wrong on purpose, what may be sent, what was called.

import { clock, el } from './draw.js';
import { word } from './words.js';

const $ = (selector) => document.querySelector(selector);

/** Draws faults, callbacks, requests and limits. */
export function drawPanel(world, act) {
  const botName = (one) => world.bots.find(({ botId }) => botId === one.bot)?.name
    ?? world.line?.accounts.find(({ channelId }) => channelId === one.bot)?.name ?? '';
  const fill = (name, items, none) => $(`[data-list="${name}"]`).replaceChildren(
    ...(items.length ? items : [el('li', { class: 'none' }, word(none))]));
  fill('faults', world.faults.map((fault, place) => el('li', {},
    el('span', {}, [fault.provider, fault.operation, fault.kind, fault.status].filter(Boolean).join(' '),
      fault.times ? ` × ${fault.times}` : ''),
    el('button', { type: 'button', class: 'quiet', onclick: () => act(`faults?place=${place}`, undefined, 'DELETE') }, word('end')))), 'no_faults');
  fill('callbacks', world.callbacks.slice(0, 12).map((one) => el('li', {
    'data-callback': one.id, title: `${one.url}\n${one.body}`, class: one.answer === 'failed' || one.answer >= 300 ? 'bad' : '',
  }, el('time', {}, clock(one.at)), el('span', {}, `${one.provider} ${one.event} ${botName(one)}`),
  el('b', {}, typeof one.answer === 'number' ? String(one.answer) : word(one.answer)))), 'no_callbacks');
  fill('requests', [...world.requests].reverse().slice(0, 10).map((one) => el('li', {
    title: `${one.method} ${one.path}`, class: one.status === null || one.status >= 400 ? 'bad' : '',
  }, el('time', {}, clock(one.at)), el('span', {}, `${one.face} ${one.operation}`), el('b', {}, String(one.status ?? word('silence'))))), 'no_requests');
  $('[data-violations]').hidden = world.violations.length === 0;
  fill('violations', [...world.violations].reverse().slice(0, 10).map((one) => el('li', {
    class: 'bad', title: one.problems.map(({ at, what }) => `${at}: ${what}`).join('\n'),
  }, el('time', {}, clock(one.at)), el('span', {}, `${one.side} ${one.schema}`), el('b', {}, String(one.problems.length)))), 'no_faults');
  const account = world.line?.accounts[0];
  for (const input of $('.line-settings').querySelectorAll('input')) {
    if (!account || document.activeElement === input) continue;
    if (input.type === 'checkbox') input.checked = account[input.name];
    else input.value = account[input.name] ?? '';
  }
  $('.line-settings').dataset.channel = account?.channelId ?? '';
  for (const input of $('.limits').querySelectorAll('input')) {
    if (document.activeElement !== input) input.value = world.limits[input.name] ?? '';
  }
}

/** Lets its forms act. */
export function listenToPanel(act) {
  $('.faults').addEventListener('submit', (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const [provider, operation] = form.get('target').split('|');
    const when = form.get('when');
    const kind = form.get('kind');
    act('faults', {
      provider, ...(operation ? { operation } : {}),
      kind, ...(kind === 'server_error' ? { status: 503 } : {}), ...(kind === 'slow' ? { ms: 3000 } : {}),
      ...(when === 'always' ? { when } : when === 'chance' ? { when, per_mille: 300 } : { when: 'count', times: Number(when) }),
    });
  });
  // An empty quota is none.
  $('.line-settings').addEventListener('change', ({ target, currentTarget }) => {
    if (!target.validity.valid || (target.value === '' && target.name !== 'quota')) return;
    const value = target.type === 'checkbox' ? target.checked : target.value === '' ? null : Number(target.value);
    act('line/settings', { channel: Number(currentTarget.dataset.channel), set: { [target.name]: value } });
  });
  $('.line-settings').addEventListener('submit', (event) => event.preventDefault());
  $('.limits').addEventListener('change', ({ target }) => {
    if (target.value !== '' && target.validity.valid) act('limits', { [target.name]: Number(target.value) });
  });
}
