// Builds the icon sprite from the outlines of Lucide (ISC licence). Run it after adding a name, and commit the sprite.
import { readFileSync, writeFileSync } from 'node:fs';

const names = [
  'circle-alert',
  'check',
  'copy',
  'chevron-right',
  'eye',
  'key-round',
  'languages',
  'log-out',
  'maximize',
  'minimize',
  'moon',
  'sun',
  'pause',
  'picture-in-picture-2',
  'play',
  'plug',
  'radio',
  'rotate-cw',
  'settings',
  'shield',
  'sun-moon',
  'tv',
  'user',
  'video',
  'volume-2',
  'volume-x',
  'bell',
  'calendar',
  'clock',
  'ellipsis',
  'expand',
  'external-link',
  'hash',
  'heart',
  'image',
  'info',
  'keyboard',
  'layout-grid',
  'mail',
  'message-square',
  'message-square-text',
  'panel-right',
  'rectangle-horizontal',
  'reply',
  'search',
  'send',
  'share-2',
  'smile',
  'star',
  'tag',
  'trash-2',
  'users',
  'captions',
  'link',
  'lock',
  'house',
  'arrow-left',
  'x',
  'circle-help',
];
const symbols = names.map((name) => {
  const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, 'utf8');
  const inner = svg
    .replace(/<!--.*?-->/gs, '')
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
});
writeFileSync(
  'src/icons/icons.svg',
  `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence: lucide.dev/license -->\n${symbols.join('\n')}\n</svg>\n`,
);
