// Small helpers over the document. Texts come from the server, in the page's language.

export const lang = (): string => document.documentElement.lang || 'en';

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/** An icon of the sprite. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.classList.add('icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${document.documentElement.dataset.icons ?? ''}#${name}`);
  svg.append(use);
  return svg;
}

/** The texts that a template wrote into an element's `<script type="application/json">`, of which there may be several. */
export function texts(host: Element): Record<string, string> {
  const blocks = [...host.querySelectorAll('script[type="application/json"]')];
  return Object.assign({}, ...blocks.map((block) => JSON.parse(block.textContent ?? '{}') as Record<string, string>));
}

export function setText(host: ParentNode, selector: string, text: string): void {
  const found = host.querySelector(selector);
  if (found && found.textContent !== text) {
    found.textContent = text;
  }
}
