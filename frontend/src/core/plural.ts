// Texts that count. The server sends one for each form a language has of it, and the number chooses.
import { lang, setText } from './dom';
import { count } from './format';

export type Form = 'one' | 'other';

export function plural(value: number, language: string): Form {
  return new Intl.PluralRules(language).select(value) === 'one' ? 'one' : 'other';
}

/** The text of a key with its number in it, as `key.one` or `key.other` says it. */
export function counted(words: Record<string, string>, key: string, value: number): string {
  return (words[`${key}.${plural(value, lang())}`] ?? '{0}').replace('{0}', count(value, lang()));
}

/** A number that stands in the page, and the word for those who hear it instead of seeing its icon. */
export function setCounted(host: ParentNode, fact: string, value: number): void {
  setText(host, `[data-fact="${fact}"]`, count(value, lang()));
  const word = host.querySelector<HTMLElement>(`[data-words="${fact}"]`);
  if (word) {
    word.textContent = word.dataset[plural(value, lang())] ?? word.textContent;
  }
}
