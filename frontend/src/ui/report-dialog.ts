// Reporting a comment, a channel, a video or a person: what is wrong, in a choice and some words.

import { call, reasonOf } from '../core/api';
import { element } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { field, openDialog } from './dialog';

export interface Reported {
  kind: 'MESSAGE' | 'CHANNEL' | 'LIVE' | 'USER' | 'VIDEO' | 'COMMENT';
  channel: string;
  seq?: number;
  user?: string;
  video?: string;
  /** Of one below a video. */
  comment?: number;
}

const REASONS = [
  'SPAM',
  'HARASSMENT',
  'HATE',
  'SEXUAL',
  'VIOLENCE',
  'SELF_HARM',
  'IMPERSONATION',
  'COPYRIGHT',
  'OTHER',
] as const;

/** @param target whom or what it is about, as the page names it */
export function openReport(reported: Reported, words: Record<string, string>, target: string): void {
  const reason = field('select', 'reason', words['report.reason'] ?? '');
  reason.input.required = true;
  reason.input.append(new Option(words['report.choose'] ?? '', ''));
  for (const name of REASONS) {
    const option = element('option', '', words[`report.reason.${name}`] ?? name);
    option.value = name;
    reason.input.append(option);
  }
  const more = field('textarea', 'text', words['report.more'] ?? '');
  more.input.maxLength = 1_000;
  more.input.rows = 3;
  const error = element('p', 'error');
  error.setAttribute('role', 'alert');
  error.hidden = true;
  const send = element('button', 'button button-filled', words['report.send'] ?? 'Report');
  const form = element('form', 'stack', reason.row, more.row, error, element('div', 'row', send));
  const dialog = openDialog(
    words['report.title'] ?? 'Report',
    words['moderation.close'] ?? 'Close',
    element(
      'p',
      '',
      element('span', 'quiet', words[`report.kind.${reported.kind}`] ?? ''),
      ' ',
      element('strong', '', target),
    ),
    element('p', 'quiet small', words['report.text'] ?? ''),
    form,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await call('POST', '/api/v1/reports', { ...reported, reason: reason.input.value, text: more.input.value });
      const thanks = element('p', '', words['report.sent'] ?? '');
      thanks.setAttribute('role', 'status');
      form.replaceWith(thanks);
      dialog.querySelector<HTMLElement>('.dialog-end button')?.focus();
    } catch (failure) {
      error.hidden = false;
      error.textContent = reasonOf(failure);
      send.disabled = false;
    }
  });
}

/** <report-button data-channel>: reports the channel, or the video that it names; without script it is a link to a page that does the same. */
class ReportButton extends Island {
  protected enter(life: Lifetime): void {
    life.listen(this.querySelector('a'), 'click', (event) => {
      const words = this.querySelector('script');
      if (words) {
        event.preventDefault();
        const { channel = '', live, video } = this.dataset;
        openReport(
          video ? { kind: 'VIDEO', channel, video } : { kind: live === 'true' ? 'LIVE' : 'CHANNEL', channel },
          JSON.parse(words.textContent ?? '{}') as Record<string, string>,
          this.dataset.display ?? this.dataset.channel ?? '',
        );
      }
    });
  }
}

customElements.define('report-button', ReportButton);
