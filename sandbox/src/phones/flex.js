// Draws Flex messages of LINE and LINE WORKS: boxes, sizes, colours and buttons as the sender asked for them.
// Styles are built from checked values only; the ground is white, because that is what senders reckon with.

import { button, el, picture } from './draw.js';

const SPACE = { none: '0', xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' };
const TEXT = { xxs: '.68rem', xs: '.75rem', sm: '.83rem', md: '.93rem', lg: '1.08rem', xl: '1.2rem', xxl: '1.45rem', '3xl': '1.7rem', '4xl': '2rem', '5xl': '2.4rem' };
const BUBBLE = { nano: 130, micro: 160, deca: 200, hecto: 220, kilo: 236, mega: 252, giga: 252 };
const BORDER = { none: '0', light: '.5px', normal: '1px', 'semi-bold': '2px', medium: '3px', bold: '4px' };
const CORNER = { none: '0', xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' };

const colour = (value) => (/^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(value ?? '') ? value : null);
const length = (value, names = SPACE) => names[value] ?? (/^-?\d{1,4}(\.\d+)?(px|%)$/.test(value ?? '') ? value : null);
const css = (rules) => Object.entries(rules).filter(([, value]) => value !== null && value !== undefined)
  .map(([name, value]) => `${name}:${value}`).join(';') || null;
/** The room inside a block, unless its box asks for another. */
const ROOM = { header: '14px', body: '14px', footer: '10px' };
const FLOW = { 'flex-start': 'flex-start', center: 'center', 'flex-end': 'flex-end', 'space-between': 'space-between', 'space-around': 'space-around', 'space-evenly': 'space-evenly' };

/** The container of a Flex message. `press(buttonNo)` is called by what can be pressed. */
export function flex(container, press) {
  if (!container) return null;
  if (container.type === 'carousel') return el('div', { class: 'columns' }, (container.contents ?? []).map((one) => flex(one, press)));
  const styles = container.styles ?? {};
  return el('section', { class: 'flex-bubble', style: css({ 'max-width': `${BUBBLE[container.size] ?? BUBBLE.mega}px` }), dir: container.direction === 'rtl' ? 'rtl' : null },
    ['header', 'hero', 'body', 'footer'].map((name) => (container[name] ? block(name, container[name], styles[name] ?? {}, press) : null)),
    container.action ? button({ label: '›', ...container.action }, press) : null);
}

function block(name, node, style, press) {
  return el('div', { class: 'flex-block', style: css({
    background: colour(style.backgroundColor), 'border-top': style.separator ? `1px solid ${colour(style.separatorColor) ?? '#d4d6da'}` : null,
  }) }, component(node, press, 'vertical', undefined, name === 'hero' ? undefined : ROOM[name]));
}

/** `layout`: of the box around it, which decides what `flex` and `margin` mean. `room`: padding by default. */
function component(node, press, layout, spacing, room) {
  const sideways = layout !== 'vertical';
  const gap = length(node.margin) ?? length(spacing);
  const place = {
    [sideways ? 'margin-left' : 'margin-top']: gap,
    // Beside others a part grows by default, below them it does not.
    flex: typeof node.flex === 'number' ? (node.flex === 0 ? '0 0 auto' : `${node.flex} 1 0`) : sideways && node.type !== 'icon' && node.type !== 'separator' ? '1 1 0' : null,
    position: node.position === 'absolute' ? 'absolute' : null,
    top: length(node.offsetTop), bottom: length(node.offsetBottom), left: length(node.offsetStart), right: length(node.offsetEnd),
  };
  switch (node.type) {
    case 'box': return box(node, press, place, room);
    case 'text': return words(node, press, place);
    case 'button': return press_me(node, press, place);
    case 'separator': return el('hr', { style: css({ ...place, flex: null, 'border-color': colour(node.color) }), class: sideways ? 'upright' : '' });
    case 'image': case 'video': return el('div', { style: css(place) }, picture(node, node.altContent?.altText, css({ 'aspect-ratio': /^\d+:\d+$/.test(node.aspectRatio ?? '') ? node.aspectRatio.replace(':', '/') : '1/1', background: colour(node.backgroundColor), 'min-height': '0' })),
      node.action ? button({ label: '›', ...node.action }, press) : null);
    case 'icon': return el('span', { style: css({ ...place, 'font-size': TEXT[node.size] ?? TEXT.md }), 'aria-hidden': 'true' }, '◈');
    case 'filler': case 'spacer': return el('span', { style: css(place) });
    default: return null;
  }
}

function box(node, press, place, room) {
  const pads = {
    padding: length(node.paddingAll) ?? room, 'padding-top': length(node.paddingTop), 'padding-bottom': length(node.paddingBottom),
    'padding-left': length(node.paddingStart), 'padding-right': length(node.paddingEnd),
  };
  const gradient = node.background?.type === 'linearGradient' && colour(node.background.startColor) && colour(node.background.endColor)
    ? `linear-gradient(${/^\d{1,3}(\.\d+)?deg$/.test(node.background.angle ?? '') ? node.background.angle : '0deg'}, ${node.background.startColor}, ${node.background.endColor})` : null;
  const framed = node.borderWidth || node.borderColor;
  const inner = (node.contents ?? []).map((one, at) => component(one, press, node.layout, at === 0 ? undefined : node.spacing));
  return el('div', { class: `flex-box ${node.layout === 'vertical' ? '' : node.layout}`, style: css({
    ...place, ...pads, background: gradient ?? colour(node.backgroundColor), width: length(node.width), height: length(node.height),
    'max-width': length(node.maxWidth), 'max-height': length(node.maxHeight), 'border-radius': length(node.cornerRadius, CORNER),
    border: framed ? `${length(node.borderWidth, BORDER) ?? '1px'} solid ${colour(node.borderColor) ?? '#d4d6da'}` : null,
    'justify-content': FLOW[node.justifyContent], 'align-items': FLOW[node.alignItems],
  }) }, inner, node.action ? button({ label: '›', ...node.action }, press) : null);
}

const letters = (node) => ({
  color: colour(node.color), 'font-size': TEXT[node.size] ?? length(node.size, {}), 'font-weight': node.weight === 'bold' ? '700' : null,
  'font-style': node.style === 'italic' ? 'italic' : null,
  'text-decoration': node.decoration === 'underline' ? 'underline' : node.decoration === 'line-through' ? 'line-through' : null,
});

function words(node, press, place) {
  const lines = Number.isInteger(node.maxLines) && node.maxLines > 0 ? node.maxLines : null;
  const text = el('p', { class: `flex-text ${node.wrap ? '' : 'one-line'}`, style: css({
    ...place, ...letters(node), 'text-align': { start: 'start', center: 'center', end: 'end' }[node.align],
    'align-self': { top: 'flex-start', center: 'center', bottom: 'flex-end' }[node.gravity],
    ...(node.wrap && lines ? { display: '-webkit-box', '-webkit-box-orient': 'vertical', '-webkit-line-clamp': lines, overflow: 'hidden' } : {}),
  }) }, node.text ?? '', (node.contents ?? []).map((span) => el('span', { style: css(letters(span)) }, span.text ?? '')));
  return node.action ? el('div', { style: css(place) }, text, button({ label: '›', ...node.action }, press)) : text;
}

function press_me(node, press, place) {
  const kind = { primary: 'primary', secondary: 'secondary' }[node.style] ?? 'link';
  const tint = colour(node.color);
  return el('div', { class: 'flex-press', style: css(place) }, button(node.action, press, {
    css: `button ${kind} ${node.height === 'sm' ? 'low' : ''}`,
    style: css(kind === 'link' ? { color: tint } : { background: tint, 'border-color': tint }),
  }));
}
