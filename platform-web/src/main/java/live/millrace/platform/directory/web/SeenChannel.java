// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Guest;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The channel that an address names, as whoever asks may see it. */
@Component
class SeenChannel {
    /**
     * A channel for somebody.
     *
     * @param channel all of it
     * @param shown what is told of it: nothing of its broadcasts to whoever may not see them
     * @param invited whoever looks, where they are a guest without an account
     */
    record Seen(
            ChannelView channel,
            ChannelView shown,
            Access access,
            @Nullable Invited invited) {}

    /**
     * A guest as the chat knows them.
     *
     * @param name what stands in the place of a user name
     * @param display as they call themselves
     */
    record Invited(String name, String display) {}

    private final Channels channels;
    private final Audience audience;
    private final Guests guests;
    private final Viewers viewers;
    private final Audit audit;
    private final Videos videos;
    private final VideoCards cards;
    private final VideoAccess videoAccess;
    private final ClipDesk clips;

    SeenChannel(
            Channels channels,
            Audience audience,
            Guests guests,
            Viewers viewers,
            Audit audit,
            Videos videos,
            VideoCards cards,
            VideoAccess videoAccess,
            ClipDesk clips) {
        this.channels = channels;
        this.audience = audience;
        this.guests = guests;
        this.viewers = viewers;
        this.audit = audit;
        this.videos = videos;
        this.cards = cards;
        this.videoAccess = videoAccess;
        this.clips = clips;
    }

    Seen find(String name) {
        ChannelView channel = channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        Viewer viewer = viewers.current();
        Access access = audience.access(channel, viewer);
        if (access.open()) {
            guests.came(channel.id(), viewer);
        }
        AccountPrincipal person = viewer.person();
        if (channel.visibility().secret()
                && access.open()
                && person != null
                && person.staff()
                && person.accountId() != channel.accountId()) {
            audit.look(person.actor(), "channel.look", channel.name(), channel.accountId());
        }
        Guest guest = person == null && access.open() ? viewer.guests().get(channel.id()) : null;
        return new Seen(
                channel,
                access.open() ? channel : channel.withheld(),
                access,
                guest == null
                        ? null
                        : new Invited(new Talker.Invited(guest.id(), guest.name()).handle(), guest.name()));
    }

    /** Whom that is for which is being recorded of a channel, where somebody signed in may see it; else as the channel is. */
    Visibility recorded(Seen seen, @Nullable AccountPrincipal person) {
        ChannelView channel = seen.channel();
        return person == null
                ? channel.visibility()
                : clips.live(channel)
                        .map(source -> source.video().visibility())
                        .filter(visibility -> sees(seen, visibility, person))
                        .orElse(channel.visibility());
    }

    /** Whether somebody may see what is recorded of a channel for some. */
    boolean sees(Seen seen, Visibility visibility, @Nullable AccountPrincipal person) {
        return videoAccess.sees(seen.channel(), visibility, person);
    }

    /** The newest of its videos that somebody is shown. */
    List<VideoCard> videos(Seen seen, @Nullable AccountPrincipal person, int most) {
        return cards.of(videos.ofChannel(
                seen.channel().id(), videoAccess.listed(seen.channel(), person), Optional.empty(), most));
    }
}
