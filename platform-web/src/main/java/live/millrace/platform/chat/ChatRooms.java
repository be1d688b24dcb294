// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.People;
import live.millrace.platform.picture.BadPictureException;

/** The rooms of all channels, for moderators. Thread-safe. */
public interface ChatRooms {
    int MAX_EMOTES = 50;
    int MAX_MODERATORS = 100;

    ChatSettings settings(long channelId);

    /** Changes the rules; whoever is in the room is told at once. */
    void change(long channelId, ChatSettings settings);

    /** Those of the site, then the channel's own. */
    List<Emote> emotes(long channelId);

    /** The channel's own. */
    List<Emote> ownEmotes(long channelId);

    /**
     * Adds an emote, or gives one another picture.
     *
     * @param code small letters and digits, 2 to 20
     * @throws BadPictureException with a key under {@code chat.emote} when the code cannot be used or there are too many
     */
    void addEmote(ChannelView channel, String code, InputStream upload) throws BadPictureException;

    void removeEmote(long channelId, String code);

    /** Who moderates a room beside its owner, and what they may. */
    record Moderator(People.Person person, Set<ChatRight> rights) {}

    List<Moderator> moderators(long channelId);

    /** Makes somebody a moderator, or gives one other rights; answers whether there is room for one more. */
    boolean putModerator(long channelId, long accountId, Set<ChatRight> rights);

    void removeModerator(long channelId, long accountId);

    /**
     * How a room is shielded against raids.
     *
     * @param auto whether the shield goes up by itself on a flood
     * @param hours how old an account has to be to write while it is up
     */
    record ShieldRules(boolean auto, int hours) {}

    int MAX_SHIELD_HOURS = 720;

    ShieldRules shield(long channelId);

    void configureShield(long channelId, boolean auto, int hours);
}
