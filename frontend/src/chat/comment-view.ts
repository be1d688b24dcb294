// A comment below a video as elements, the same as the template's. Text becomes text nodes, never markup.
import { element } from '../core/dom';
import { hueOf } from '../core/hues';
import type { CommentToken, VideoComment } from '../wire/comments';

type Words = Record<string, string>;

const of = (words: Words, key: string, whom: string): string => (words[key] ?? '{0}').replace('{0}', () => whom);

export function tokenNode(token: CommentToken, video: string): Node {
  switch (token.t) {
    case 'time': {
      const link = element('a', 'comment-time numbers', token.v);
      link.href = `/videos/${video}?t=${token.at ?? 0}`;
      link.dataset.at = String(token.at ?? 0);
      return link;
    }
    case 'link': {
      const link = element('a', '', token.v);
      link.href = token.v;
      link.target = '_blank';
      link.rel = 'nofollow ugc noopener noreferrer';
      return link;
    }
    case 'mention':
      return element('span', '', `@${token.v}`);
    default:
      return document.createTextNode(token.v);
  }
}

/** Those of a page that are not shown yet: somebody may have written while it was asked for. */
export function fresh(shown: Iterable<string | undefined>, comments: VideoComment[]): VideoComment[] {
  const known = new Set(shown);
  return comments.filter(({ id }) => !known.has(String(id)));
}

/** What somebody is called where there is no place for marks: a guest is never taken for an account of that name. */
export const called = ({ display, guest }: VideoComment['author'], words: Words): string =>
  guest ? of(words, 'guest.named', display) : display;

export function commentElement(comment: VideoComment, video: string, channel: string, words: Words): HTMLLIElement {
  const { author } = comment;
  const face = homeward(author, 'comment-face', faceOf(author));
  if (!author.guest) {
    face.tabIndex = -1;
  }
  face.setAttribute('aria-hidden', 'true');
  const name = homeward(author, 'comment-name', element('bdi' as 'span', '', author.display));
  if (author.guest) {
    // Where somebody reads on, as on a link.
    name.tabIndex = -1;
  }
  const head = element('p', 'comment-head', name, ' ');
  if (author.owner || author.guest) {
    head.append(element('span', 'pill', (author.owner ? words.owner : words.guest) ?? ''), ' ');
  }
  const at = element('local-time' as 'span', 'quiet small');
  at.setAttribute('datetime', comment.at);
  head.append(at);
  const text = element('p', 'comment-text', ...comment.tokens.map((token) => tokenNode(token, video)));
  text.dir = 'auto';
  const row = element(
    'li',
    'comment',
    face,
    element('div', 'comment-main', head, text, acts(comment, video, channel, words)),
  );
  row.id = `comment-${comment.id}`;
  row.dataset.comment = String(comment.id);
  row.dataset.called = called(author, words);
  return row;
}

/** Leads to their page; a guest has none. */
function homeward({ name, guest }: VideoComment['author'], look: string, inside: HTMLElement): HTMLElement {
  if (guest) {
    return element('span', look, inside);
  }
  const link = element('a', look, inside);
  link.href = `/${name}`;
  return link;
}

function faceOf({ avatar, display }: VideoComment['author']): HTMLElement {
  if (!avatar) {
    const letter = element('span', `avatar own ${hueOf(display)}`, [...display][0] ?? '');
    letter.setAttribute('aria-hidden', 'true');
    return letter;
  }
  const face = element('img', 'avatar');
  face.src = avatar;
  face.alt = '';
  face.width = 40;
  face.height = 40;
  face.loading = 'lazy';
  return face;
}

function acts(comment: VideoComment, video: string, channel: string, words: Words): HTMLElement {
  const row = element('div', 'comment-acts');
  const { author, id } = comment;
  if (!comment.mine) {
    const report = element('a', 'small', words.report ?? '');
    const query = new URLSearchParams({ kind: 'COMMENT', channel, user: author.name, comment: String(id) });
    report.href = `/reports/new?${query}`;
    report.rel = 'nofollow';
    report.dataset.report = '';
    report.setAttribute('aria-label', of(words, 'report.of', called(author, words)));
    row.append(report);
  }
  if (comment.removable) {
    row.append(deletion(comment, video, words));
  }
  return row;
}

/** A form that asks first, as `fragments/pieces :: confirm` writes it; ui/ask-first.ts opens and closes it. */
function deletion({ id, author }: VideoComment, video: string, words: Words): HTMLFormElement {
  const ask = element('button', 'button button-danger button-small button-plain', words['delete.ask'] ?? '');
  ask.type = 'button';
  ask.setAttribute('popovertarget', `delete-comment-${id}`);
  ask.setAttribute('aria-label', of(words, 'delete.of', called(author, words)));
  const title = element('h2', '', words['delete.title'] ?? '');
  title.id = `title-of-delete-comment-${id}`;
  const cancel = element('button', 'button', words.cancel ?? '');
  cancel.type = 'button';
  cancel.setAttribute('popovertarget', `delete-comment-${id}`);
  cancel.autofocus = true;
  const go = element('button', 'button button-filled button-danger', words.delete ?? '');
  const dialog = element(
    'dialog',
    'dialog stack',
    title,
    element('p', '', words['delete.text'] ?? ''),
    element('div', 'row dialog-end', cancel, go),
  );
  dialog.id = `delete-comment-${id}`;
  dialog.setAttribute('aria-labelledby', title.id);
  const form = element('form', '', ask, dialog);
  form.method = 'post';
  form.action = `/videos/${video}/comments/${id}/delete`;
  return form;
}
