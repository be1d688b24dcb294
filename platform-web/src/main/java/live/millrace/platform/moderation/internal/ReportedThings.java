// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.Reports.Report;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds what people report, and what was said around it. Thread-safe. */
@Component
class ReportedThings {
    private static final int NEIGHBOURS = 20;

    private final Channels channels;
    private final Audience audience;
    private final ChatModeration rooms;
    private final ReportedVideos videos;

    ReportedThings(Channels channels, Audience audience, ChatModeration rooms, ReportedVideos videos) {
        this.channels = channels;
        this.audience = audience;
        this.rooms = rooms;
        this.videos = videos;
    }

    /** Empty of what is not there, or not for whoever asks. */
    Optional<Reported> find(Report report, Viewer viewer) {
        Long seq = report.seq();
        return switch (report.kind()) {
            case USER ->
                channels.find(report.user() == null ? "" : report.user())
                        .filter(ChannelView::own)
                        .map(person -> Reported.channel(CaseKind.USER, person, person.displayName()));
            case VIDEO ->
                videos.video(report.video(), viewer)
                        .map(found -> new Reported(
                                CaseKind.VIDEO,
                                found.channel(),
                                null,
                                found.channel(),
                                null,
                                found.video().id(),
                                null,
                                found.video().title()));
            case COMMENT ->
                videos.comment(report.comment(), viewer)
                        .map(found -> new Reported(
                                CaseKind.COMMENT,
                                own(found.by()),
                                found.by(),
                                found.below().channel(),
                                null,
                                found.below().video().id(),
                                report.comment(),
                                found.said().text()));
            case MESSAGE ->
                channels.find(report.channel())
                        .filter(channel -> sees(channel, viewer))
                        .flatMap(channel -> rooms.message(channel, seq == null ? -1 : seq, viewer.person())
                                .flatMap(message -> message.by().map(by -> said(message, by, channel))));
            case LIVE ->
                channels.find(report.channel())
                        .filter(channel -> sees(channel, viewer))
                        .map(channel -> Reported.channel(CaseKind.LIVE, channel, channel.displayTitle()));
            // Of one that they may not see they know the name, and can say what they will about it.
            case CHANNEL ->
                channels.find(report.channel())
                        .map(channel -> Reported.channel(
                                CaseKind.CHANNEL,
                                channel,
                                sees(channel, viewer) ? channel.displayTitle() : channel.displayName()));
        };
    }

    private boolean sees(ChannelView channel, Viewer viewer) {
        return audience.access(channel, viewer).open();
    }

    private Reported said(StoredMessage message, Talker by, ChannelView where) {
        return new Reported(CaseKind.MESSAGE, own(by), by, where, message.seq(), null, null, message.text());
    }

    /** The channel of somebody's name; null of a guest. */
    private @Nullable ChannelView own(Talker talker) {
        return talker instanceof Talker.Person(long accountId) ? channels.ofAccount(accountId) : null;
    }

    /** What was said around it, and it itself, as it is now. */
    List<StoredMessage> around(Reported what) {
        if (what.comment() != null) {
            return videos.around(what.comment(), NEIGHBOURS);
        }
        if (what.video() != null) {
            return List.of();
        }
        return what.seq() == null
                ? rooms.latest(what.where().id(), NEIGHBOURS)
                : rooms.around(what.where().id(), what.seq(), NEIGHBOURS);
    }
}
