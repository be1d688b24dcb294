// What the console's pages have in common: the chosen entry of the strip in view, tables that can be lists, the words of a decision.
import { lang } from '../core/dom';
import { ASKING } from '../ui/ask-first';

/** On a phone the navigation is a strip: what is chosen is seen. */
const chosen = document.querySelector<HTMLElement>('.console-nav [aria-current="page"]');
const strip = chosen?.parentElement;
if (chosen && strip) {
  strip.scrollLeft = chosen.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
}

/** Where a table becomes a list, each value says what it is. */
for (const table of document.querySelectorAll<HTMLTableElement>('.console .table')) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent?.trim() ?? '');
  if (heads.length > 0) {
    table.classList.add('table-list');
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, at) => {
        cell.dataset.label = heads[at] ?? '';
        cell.toggleAttribute('data-blank', !cell.textContent?.trim() && !cell.querySelector('input'));
      });
    }
  }
}

/** Only what has a length asks for it. */
const decide = document.querySelector<HTMLFormElement>('#decide');
const decision = decide?.querySelector<HTMLSelectElement>('select[name="decision"]');
const amount = decide?.querySelector<HTMLInputElement>('input[name="amount"]');
const unit = () => decision?.selectedOptions[0]?.dataset.unit;

function lengths(): void {
  for (const part of decide?.querySelectorAll<HTMLElement>('[data-fact="length"], #amount-help') ?? []) {
    part.hidden = !unit();
  }
}

/** How long, as people say it; 0 is for ever, or what the settings say. */
function length(): string {
  const of = unit();
  const number = Number(amount?.value ?? 0);
  if (!of) {
    return '';
  }
  if (number === 0) {
    return (of === 'minute' ? decide?.dataset.usual : decide?.dataset.forever) ?? '';
  }
  return new Intl.NumberFormat(lang(), { style: 'unit', unit: of, unitDisplay: 'long' }).format(number);
}

/** What is about to be done, as the form says it. */
function says(form: HTMLFormElement | null | undefined, words: () => string): void {
  form?.addEventListener(ASKING, () => {
    const whom = form.querySelector<HTMLElement>('[data-fact="whom"]');
    if (whom) {
      whom.textContent = words();
      whom.hidden = false;
    }
  });
}

decision?.addEventListener('change', lengths);
says(decide, () => [decision?.selectedOptions[0]?.text ?? '', length()].filter(Boolean).join(' · '));
for (const form of document.querySelectorAll<HTMLFormElement>('#act-form, #role-form')) {
  says(form, () => form.querySelector('select')?.selectedOptions[0]?.text ?? '');
}
lengths();
