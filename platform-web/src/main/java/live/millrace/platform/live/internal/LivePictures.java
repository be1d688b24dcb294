// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.PictureTakenDown;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Pictures of what is on air, and of what was last; and that none is shown any more. Thread-safe. */
@Component
class LivePictures {
    private final Thumbnails thumbnails;
    private final LastPictures last;
    private final BroadcastStore broadcasts;
    private final ApplicationEventPublisher events;

    LivePictures(
            Thumbnails thumbnails, LastPictures last, BroadcastStore broadcasts, ApplicationEventPublisher events) {
        this.thumbnails = thumbnails;
        this.last = last;
        this.broadcasts = broadcasts;
        this.events = events;
    }

    Optional<Thumbnails.Thumbnail> newest(UUID broadcast) {
        return thumbnails.newest(broadcast);
    }

    Optional<String> address(UUID broadcast) {
        return thumbnails.address(broadcast);
    }

    /** @param live what is on air; null where nothing is */
    Optional<Broadcasting.Snapshot> snapshot(ChannelView channel, @Nullable LiveView live) throws InterruptedException {
        Optional<Broadcasting.Snapshot> now = live == null ? Optional.empty() : thumbnails.snapshot(live);
        return now.isPresent() || live != null ? now : last.newest(channel);
    }

    /** The address of the last picture of a channel that is not live; empty where there is none. */
    Optional<String> last(ChannelView channel) {
        // What ended a moment ago may not be kept yet.
        Optional<String> inMemory =
                channel.mature() || channel.hidden() || !channel.visibility().open()
                        ? Optional.empty()
                        : thumbnails.addressOf(channel.name());
        return inMemory.or(() -> last.address(channel.id()));
    }

    /**
     * Shows none any more of what a channel broadcasts now or broadcast last.
     *
     * @param known empty for a channel that is no more
     * @return whether there was one
     */
    boolean takeDown(String name, Optional<ChannelView> known, @Nullable UUID running) {
        boolean shown = thumbnails.takeDown(name, running);
        if (known.isEmpty()) {
            last.forgetCached();
            return shown;
        }
        boolean kept = last.withhold(known.get().id());
        // After the mark: what others keep before it is there to be forgotten.
        events.publishEvent(new PictureTakenDown(known.get().id()));
        return kept || shown;
    }

    void putBack(UUID running) {
        broadcasts.releasePicture(running);
        thumbnails.putBack(running);
    }

    /** Some may see from now on what a channel shows who could not: none of what was shown before is for them. */
    void renew(String name) {
        thumbnails.renew(name);
    }

    /** What a channel shows is not for everybody any more: what it broadcast last keeps no picture. */
    void withhold(long channelId, String name) {
        thumbnails.forgetEnded(name);
        last.withhold(channelId);
    }
}
