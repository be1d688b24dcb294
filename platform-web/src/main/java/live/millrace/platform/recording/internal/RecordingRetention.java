// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.VideoChanged;
import live.millrace.platform.recording.internal.RetentionRows.Within;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets recordings go when their time or their room is over. Each step is safe to be begun again: a process that dies between two of them
 * loses nothing but time.
 */
@Component
class RecordingRetention implements RecurringWork {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingRetention.class);
    /** Sizes are told, and asked for, as disks are sold. */
    private static final long GIGABYTE = 1_000_000_000;

    private final RetentionRows rows;
    private final RecordingStore store;
    private final LeftRecordings left;
    private final ClipBytes clips;
    private final SiteSettings settings;
    private final Channels channels;
    private final Notices notices;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    RecordingRetention(
            RetentionRows rows,
            RecordingStore store,
            LeftRecordings left,
            ClipBytes clips,
            SiteSettings settings,
            Channels channels,
            Notices notices,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            Clock clock) {
        this.rows = rows;
        this.store = store;
        this.left = left;
        this.clips = clips;
        this.settings = settings;
        this.channels = channels;
        this.notices = notices;
        this.events = events;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "recording.retention";
    }

    @Override
    public Duration every() {
        return Duration.ofMinutes(5);
    }

    @Override
    public void run() {
        left.finish();
        int days = settings.number(Setting.RECORDING_DAYS);
        rows.followRules(days == 0 ? null : days, clock.instant());
        warn();
        release(after -> rows.heldDue(clock.instant(), after));
        int marked = mark(() -> rows.markDue(clock.instant()));
        OptionalLong most = siteQuota();
        // Where there is a bucket copies leave the disk, and videos stay.
        if (most.isPresent() && !store.archives()) {
            marked += beyond(Within.SITE, most.getAsLong());
        }
        OptionalLong each = channelQuota();
        if (each.isPresent()) {
            marked += beyond(Within.CHANNEL, each.getAsLong());
        }
        if (marked > 0) {
            LOG.info("{} recordings are removed: their time or their room is over", marked);
        }
        remove();
        each.ifPresent(this::warnOfSpace);
    }

    /** Bytes that all recordings may take on the disk; empty while nobody knows how large their disk is: where it is not mounted there is another. */
    OptionalLong siteQuota() {
        return store.ours()
                ? store.space()
                        .map(space -> OptionalLong.of(space.size() / 100 * settings.number(Setting.RECORDING_QUOTA)))
                        .orElseGet(OptionalLong::empty)
                : OptionalLong.empty();
    }

    /** Bytes that those of one channel may take; empty for no limit. */
    OptionalLong channelQuota() {
        int gigabytes = settings.number(Setting.RECORDING_CHANNEL_QUOTA);
        return gigabytes == 0 ? OptionalLong.empty() : OptionalLong.of(gigabytes * GIGABYTE);
    }

    private int beyond(Within within, long bytes) {
        release(after -> rows.heldBeyond(within, bytes, after));
        return mark(() -> rows.markBeyond(within, bytes, clock.instant()));
    }

    /** Gives clips their own bytes of what is about to go. Where that fails, what they refer to waits for the next round. */
    private void release(LongFunction<List<RetentionRows.Held>> which) {
        int waiting = 0;
        String cause = "";
        List<RetentionRows.Held> some = which.apply(0);
        while (!some.isEmpty()) {
            for (RetentionRows.Held one : some) {
                try {
                    clips.ownBytes(one.name());
                } catch (IOException e) {
                    waiting++;
                    cause = one.name() + ": " + e;
                }
            }
            some = which.apply(some.getLast().id());
        }
        if (waiting > 0) {
            LOG.warn("{} videos are due and wait: their clips cannot get bytes of their own ({})", waiting, cause);
        }
    }

    /** Marks set by set, and tells pages of each. */
    private int mark(Supplier<List<RetentionRows.Going>> which) {
        int all = 0;
        int some;
        do {
            some = marked(which);
            all += some;
        } while (some > 0);
        return all;
    }

    private int marked(Supplier<List<RetentionRows.Going>> which) {
        Integer marked = transaction.execute(_ -> {
            List<RetentionRows.Going> going = which.get();
            going.forEach(
                    one -> events.publishEvent(new VideoChanged(one.id(), one.channelId(), VideoChanged.What.DELETED)));
            return going.size();
        });
        return marked == null ? 0 : marked;
    }

    /** Takes away what is marked, and its bytes. */
    void remove() {
        clips.follow();
        Integer removed;
        do {
            removed = transaction.execute(_ -> rows.removeSet());
        } while (removed != null && removed > 0);
        removeGarbage();
    }

    /** What cannot be removed now is tried again with the next round. In a directory of another database nothing is. */
    void removeGarbage() {
        List<RetentionRows.Garbage> set = rows.garbage(0);
        if (set.isEmpty() || !store.ours()) {
            return;
        }
        while (!set.isEmpty()) {
            List<Long> gone = new ArrayList<>();
            for (RetentionRows.Garbage one : set) {
                if (store.remove(one.object())) {
                    gone.add(one.id());
                }
            }
            rows.dropGarbage(gone);
            set = rows.garbage(set.getLast().id());
        }
    }

    // ---- warnings ---------------------------------------------------------------------------------------------

    private void warn() {
        transaction.executeWithoutResult(_ -> {
            Map<Long, List<RetentionRows.Going>> byChannel = new LinkedHashMap<>();
            for (RetentionRows.Going one : rows.warn(clock.instant())) {
                Long channelId = one.channelId();
                if (channelId != null) {
                    byChannel.putIfAbsent(channelId, new ArrayList<>());
                    byChannel.getOrDefault(channelId, List.of()).add(one);
                }
            }
            byChannel.forEach(
                    (channelId, going) -> channels.find(channelId).ifPresent(channel -> warn(channel, going)));
        });
    }

    /** One notice for all of them: whoever streams every day need not hear it every time. */
    private void warn(ChannelView channel, List<RetentionRows.Going> going) {
        RetentionRows.Going first = going.getFirst();
        if (going.size() == 1) {
            notices.tell(
                    channel.accountId(),
                    "VIDEO_EXPIRES",
                    first.title().isBlank() ? channel.displayName() : first.title(),
                    "/videos/" + first.id());
        } else {
            notices.tell(channel.accountId(), "VIDEOS_EXPIRE", channel.displayName(), "/" + channel.name() + "/videos");
        }
    }

    private void warnOfSpace(long quota) {
        transaction.executeWithoutResult(_ -> rows.warnOfSpace(quota, clock.instant()).stream()
                .map(channels::find)
                .flatMap(Optional::stream)
                .forEach(channel -> notices.tell(
                        channel.accountId(), "VIDEO_SPACE", channel.displayName(), "/" + channel.name() + "/videos")));
    }
}
