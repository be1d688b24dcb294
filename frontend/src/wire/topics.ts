// What goes over the page's socket, by topic: what the server tells (its events) and what a page says.
import type { HeldEvent, HeldSays, RoomEvent, RoomSays } from './chat';
import type { CameraEvent, ChannelEvent, DirectoryEvent } from './live';
import type { MeEvent, MeSays } from './me';
import type { AdminEvent, AttemptsEvent, EncoderEvent, HistoryEvent } from './studio';

export interface Topics {
  home: { event: DirectoryEvent; says: never };
  admin: { event: AdminEvent; says: never };
  [channel: `channel:${string}`]: { event: ChannelEvent | CameraEvent; says: never };
  [room: `chat:${string}`]: { event: RoomEvent; says: RoomSays };
  [room: `held:${string}`]: { event: HeldEvent; says: HeldSays };
  [account: `me:${string}`]: { event: MeEvent; says: MeSays };
  [ticket: `ticket:${string}`]: { event: { type: 'kept' }; says: never };
  [channel: `studio:${string}`]: { event: EncoderEvent | AttemptsEvent | HistoryEvent; says: never };
}
