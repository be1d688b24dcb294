// What moderators can do: on a message, to a person, to the room. Loaded for them alone.

import { call, reasonOf } from '../core/api';
import { element, icon, lang } from '../core/dom';
import { moment } from '../core/format';
import type { Lifetime } from '../core/lifetime';
import { field, openDialog } from '../ui/dialog';
import type { MenuItem } from '../ui/menu';
import type { ChatMessage, CommandAnswer, ModerationCommand, PersonCard, Right } from '../wire/chat';
import { called, isGuest, shownName, type Words } from './message-view';

const LENGTHS = [10, 60, 600, 3_600, 86_400];
/** The usual ones stand in the card; the others in the menu of a message. */
const CARD_LENGTHS = [60, 600];
const UNDO_MILLIS = 10_000;

export interface ModerationHost {
  channel: string;
  words: Words;
  rights(): ReadonlySet<Right>;
  live(): boolean;
  shieldUp(): boolean;
  pinned(): number | undefined;
}

export class ModerationTools {
  private toastTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ModerationHost,
    private readonly toastPlace: HTMLElement,
    life: Lifetime,
  ) {
    life.atEnd(() => clearTimeout(this.toastTimer));
  }

  private word(key: string): string {
    return this.host.words[`moderation.${key}`] ?? key;
  }

  private may(right: Right): boolean {
    return this.host.rights().has(right);
  }

  private path(rest: string): string {
    return `/api/v1/channels/${this.host.channel}/moderation/${rest}`;
  }

  // ---- acting ------------------------------------------------------------------------------------------------------

  async command(command: ModerationCommand): Promise<void> {
    await this.run(call<CommandAnswer>('POST', this.path('actions'), command));
  }

  /** A command as it is typed, with a stroke before it; throws with the reason when it is not done. */
  async typed(text: string): Promise<void> {
    this.toast(await call<CommandAnswer>('POST', this.path('commands'), { text }));
  }

  private async run(answer: Promise<CommandAnswer>): Promise<void> {
    try {
      this.toast(await answer);
    } catch (failure) {
      this.say(reasonOf(failure), undefined, true);
    }
  }

  private toast(answer: CommandAnswer): void {
    if (!answer.undoable) {
      this.say(answer.said);
      return;
    }
    const undo = element('button', 'button button-small', icon('undo-2'), this.word('undo'));
    undo.type = 'button';
    undo.addEventListener('click', () => {
      void this.run(call<CommandAnswer>('POST', this.path(`actions/${answer.action.id}/undo`)));
    });
    this.say(answer.said, undo);
  }

  private say(text: string, button?: HTMLElement, bad = false): void {
    clearTimeout(this.toastTimer);
    const words = element('span', bad ? 'error' : '', text);
    this.toastPlace.replaceChildren(words, ...(button ? [button] : []));
    this.toastPlace.hidden = false;
    this.toastTimer = setTimeout(() => {
      this.toastPlace.hidden = true;
    }, UNDO_MILLIS);
  }

  // ---- the menu of a message ---------------------------------------------------------------------------------------

  items(message: ChatMessage, mine: boolean): MenuItem[] {
    const name = message.author.name;
    const items: MenuItem[] = [];
    const add = (right: Right, text: string, symbol: string, choose: MenuItem['choose'], danger = false) => {
      if (this.may(right)) {
        items.push({ text: this.word(text), symbol, choose, danger });
      }
    };
    const now = (command: ModerationCommand) => () => {
      void this.command(command);
      return undefined;
    };
    if (!message.removed) {
      add('DELETE', 'delete', 'trash-2', now({ kind: 'delete', seq: message.seq }), true);
    }
    if (name && !mine) {
      const whom = shownName(message.author, this.host.words);
      add('TIMEOUT', 'timeout', 'timer', () => this.lengths(name, whom));
      if (isGuest(message.author)) {
        add(
          'BAN',
          'guest.remove',
          'ban',
          () => {
            this.removeGuest(name, message.author.display);
            return undefined;
          },
          true,
        );
      } else {
        add('BAN', 'ban', 'ban', now({ kind: 'ban', target: name }), true);
      }
      add('TIMEOUT', 'warn', 'triangle-alert', () => {
        this.write('warn', name, whom);
        return undefined;
      });
      add('DELETE', 'purge', 'trash-2', now({ kind: 'purge', target: name }), true);
    }
    if (!message.removed) {
      add(
        'DELETE',
        this.host.pinned() === message.seq ? 'unpin' : 'pin',
        'pin',
        now(this.host.pinned() === message.seq ? { kind: 'unpin' } : { kind: 'pin', seq: message.seq }),
      );
    }
    return items;
  }

  private lengths(name: string, whom: string): MenuItem[] {
    const items: MenuItem[] = LENGTHS.map((seconds) => ({
      text: this.word(`length.${seconds}`),
      symbol: 'timer',
      choose: () => {
        void this.command({ kind: 'timeout', target: name, seconds });
        return undefined;
      },
    }));
    if (this.host.live()) {
      items.push({
        text: this.word('length.broadcast'),
        symbol: 'radio',
        choose: () => {
          void this.command({ kind: 'timeout', target: name, broadcast: true });
          return undefined;
        },
      });
    }
    items.push({
      text: this.word('length.custom'),
      symbol: 'clock',
      choose: () => {
        this.custom(name, whom);
        return undefined;
      },
    });
    return items;
  }

  private custom(name: string, whom: string): void {
    const minutes = field('input', 'minutes', this.word('length.custom.label'));
    minutes.input.type = 'number';
    minutes.input.min = '1';
    minutes.input.max = '525600';
    minutes.input.value = '30';
    const reason = field('input', 'reason', this.word('reason'));
    reason.input.maxLength = 300;
    this.form(this.named('timeout', whom), this.word('timeout'), [minutes.row, reason.row], () =>
      this.command({
        kind: 'timeout',
        target: name,
        seconds: Math.round(Number(minutes.input.value) * 60),
        reason: reason.input.value,
      }),
    );
  }

  private write(kind: 'warn' | 'note', name: string, whom: string): void {
    const text = field('input', 'text', this.word(kind));
    text.input.maxLength = 300;
    text.input.required = true;
    this.form(this.named(kind, whom), this.word(kind), [text.row], () =>
      this.command({ kind, target: name, reason: text.input.value }),
    );
  }

  /** A guest who is banned is off the list as well: that is said before it is done. */
  private removeGuest(name: string, display: string): void {
    const reason = field('input', 'reason', this.word('reason'));
    reason.input.maxLength = 300;
    this.form(
      this.word('guest.remove.ask').replace('{0}', () => display),
      this.word('guest.remove'),
      [element('p', '', this.word('guest.remove.help')), reason.row],
      () => this.command({ kind: 'ban', target: name, reason: reason.input.value }),
    );
  }

  /** What is done, and to whom. */
  private named(word: string, name: string): string {
    return this.word('named').replace('{0}', this.word(word)).replace('{1}', name);
  }

  private form(title: string, send: string, rows: Node[], done: () => Promise<void>): void {
    const form = element(
      'form',
      'stack',
      ...rows,
      element('div', 'row', element('button', 'button button-filled', send)),
    );
    const dialog = openDialog(title, this.word('cancel'), form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void done();
      dialog.close();
    });
  }

  // ---- somebody's card ---------------------------------------------------------------------------------------------

  /**
   * What moderators see of somebody and can do to them, for the card that everybody sees.
   *
   * @param close ends the card, before something is done
   */
  async about(name: string, close: () => void): Promise<HTMLElement> {
    const person = await call<PersonCard>('GET', this.path(`people/${name}`));
    const fact = (label: string, value: string) =>
      element('div', '', element('dt', '', this.word(label)), element('dd', 'numbers', value));
    const guest = person.invite !== undefined;
    const whom = called(guest ? person.display : person.name, guest, this.host.words);
    const since = person.joined ? moment(new Date(person.joined), lang()) : '–';
    const facts = element(
      'dl',
      'facts',
      fact('card.comments', String(person.messages)),
      ...(guest
        ? [fact('card.invite', person.invite || '–'), fact('card.since', since), fact('card.handle', person.name)]
        : []),
    );
    const history = element(
      'ul',
      'said',
      ...person.actions.map((action) =>
        element(
          'li',
          action.undone ? 'struck' : '',
          element('strong', '', this.word(`kind.${action.kind}`)),
          ` ${action.reason || action.excerpt} `,
          element(
            'span',
            'quiet small',
            [action.actor, moment(new Date(action.at), lang())].filter(Boolean).join(' · '),
          ),
        ),
      ),
    );
    if (person.actions.length === 0) {
      history.append(element('li', 'quiet', this.word('card.history.none')));
    }
    const buttons = element('div', 'row');
    const button = (right: Right, text: string, run: () => void, length = '') => {
      if (this.may(right) && !person.protectedPerson) {
        const made = element(
          'button',
          'button button-small',
          length ? `${this.word(text)} ${length}` : this.word(text),
        );
        made.type = 'button';
        made.addEventListener('click', () => {
          close();
          run();
        });
        buttons.append(made);
      }
    };
    button('TIMEOUT', 'note.add', () => this.write('note', person.name, whom));
    if (person.sanction) {
      button(
        'UNBAN',
        person.sanction.kind === 'TIMEOUT' ? 'timeout.end' : 'unban',
        () => void this.command({ kind: 'unban', target: person.name }),
      );
    } else if (!guest || person.joined) {
      for (const seconds of CARD_LENGTHS) {
        button(
          'TIMEOUT',
          'timeout',
          () => void this.command({ kind: 'timeout', target: person.name, seconds }),
          this.word(`length.${seconds}`),
        );
      }
      button('TIMEOUT', 'warn', () => this.write('warn', person.name, whom));
      if (guest) {
        button('BAN', 'guest.remove', () => this.removeGuest(person.name, person.display));
      } else {
        button('BAN', 'ban', () => void this.command({ kind: 'ban', target: person.name }));
      }
    }
    return element(
      'div',
      'card-moderation stack',
      facts,
      ...(person.sanction ? [element('p', 'note note-warn', this.word(`kind.${person.sanction.kind}`))] : []),
      buttons,
      element('h3', '', this.word('card.history')),
      history,
    );
  }

  // ---- the room ----------------------------------------------------------------------------------------------------

  /** What stands behind the shield. */
  roomItems(): MenuItem[] {
    const items: MenuItem[] = [];
    const add = (right: Right, text: string, symbol: string, command: ModerationCommand, danger = false) => {
      if (this.may(right)) {
        items.push({
          text: this.word(text),
          symbol,
          danger,
          choose: () => {
            void this.command(command);
            return undefined;
          },
        });
      }
    };
    if (this.host.shieldUp()) {
      add('BAN', 'shield.sweep', 'ban', { kind: 'sweep' }, true);
      add('SETTINGS', 'shield.off', 'shield', { kind: 'shield', on: false });
    } else {
      add('SETTINGS', 'shield.on', 'shield-alert', { kind: 'shield', on: true });
    }
    add('SETTINGS', 'clear', 'trash-2', { kind: 'clear' }, true);
    return items;
  }
}
