import { expectTypeOf, test } from 'vitest';
import type { PageSocket, RefusedEvent } from '../core/socket';
import type { RoomEvent } from './chat';
import type { DirectoryEvent } from './live';
import type { Topics } from './topics';

test('a topic tells its own events, and takes what may be said to it alone', () => {
  const kinds = (socket: PageSocket<Topics>, name: string) => {
    socket.follow(`chat:${name}`, (event) => expectTypeOf(event).toEqualTypeOf<RoomEvent | RefusedEvent>());
    socket.follow('home', (event) => expectTypeOf(event).toEqualTypeOf<DirectoryEvent | RefusedEvent>());
    socket.say(`chat:${name}`, { type: 'say', id: 'a', text: 'hi' });
    // @ts-expect-error nobody says anything to the directory
    socket.say('home', { type: 'say', id: 'a', text: 'hi' });
    // @ts-expect-error a topic that there is not
    socket.follow(`rooms:${name}`, () => {});
  };
  expectTypeOf(kinds).toBeFunction();
});
