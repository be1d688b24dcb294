// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.People;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import live.millrace.platform.socket.PageSockets;
import org.springframework.stereotype.Service;

/** What moderators change of a room. Whoever is in it is told at once. */
@Service
class RoomSettings implements ChatRooms {
    private static final Pattern CODE = Pattern.compile("[a-z0-9]{2,20}");

    private final LiveRooms rooms;
    private final RoomStore store;
    private final People people;
    private final Pictures pictures;
    private final PageSockets sockets;

    RoomSettings(LiveRooms rooms, RoomStore store, People people, Pictures pictures, PageSockets sockets) {
        this.rooms = rooms;
        this.store = store;
        this.people = people;
        this.pictures = pictures;
        this.sockets = sockets;
    }

    @Override
    public List<Emote> emotes(long channelId) {
        return rooms.emotes(channelId);
    }

    @Override
    public ChatSettings settings(long channelId) {
        return store.settings(channelId);
    }

    @Override
    public void change(long channelId, ChatSettings settings) {
        rooms.changing(channelId, () -> store.change(channelId, settings));
    }

    @Override
    public List<Emote> ownEmotes(long channelId) {
        return store.emotes(channelId);
    }

    @Override
    public void addEmote(ChannelView channel, String code, InputStream upload) throws BadPictureException {
        if (!CODE.matcher(code).matches() || BuiltInEmotes.has(code)) {
            throw new BadPictureException("chat.emote.code");
        }
        List<Emote> own = store.emotes(channel.id());
        if (own.size() >= MAX_EMOTES
                && own.stream().noneMatch(emote -> emote.code().equals(code))) {
            throw new BadPictureException("chat.emote.many");
        }
        String picture = pictures.store(PictureKind.EMOTE, channel.accountId(), upload);
        rooms.changing(
                channel.id(), () -> store.addEmote(channel.id(), code, picture).ifPresent(pictures::delete));
    }

    @Override
    public void removeEmote(long channelId, String code) {
        // Messages that were told show its code from now on.
        rooms.changing(channelId, () -> store.removeEmote(channelId, code).ifPresent(pictures::delete));
    }

    @Override
    public List<Moderator> moderators(long channelId) {
        Map<Long, Set<ChatRight>> rights = store.moderators(channelId);
        return people.findAll(rights.keySet()).stream()
                .map(person -> new Moderator(person, rights.getOrDefault(person.accountId(), Set.of())))
                .toList();
    }

    @Override
    public boolean putModerator(long channelId, long accountId, Set<ChatRight> rights) {
        Map<Long, Set<ChatRight>> before = store.moderators(channelId);
        if (before.size() >= MAX_MODERATORS && !before.containsKey(accountId)) {
            return false;
        }
        rooms.changing(channelId, () -> store.putModerator(channelId, accountId, rights));
        // Their pages come back and are told anew what they may.
        sockets.disconnect(accountId);
        return true;
    }

    @Override
    public void removeModerator(long channelId, long accountId) {
        rooms.changing(channelId, () -> store.removeModerator(channelId, accountId));
        sockets.disconnect(accountId);
    }

    @Override
    public void configureShield(long channelId, boolean auto, int hours) {
        rooms.changing(channelId, () -> store.configureShield(channelId, auto, Math.clamp(hours, 1, MAX_SHIELD_HOURS)));
    }

    @Override
    public ShieldRules shield(long channelId) {
        Shield shield = store.shield(channelId);
        return new ShieldRules(shield.auto(), shield.hours());
    }
}
