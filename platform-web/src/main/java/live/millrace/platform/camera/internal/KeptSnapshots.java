// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.camera.Snapshots;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ChannelVisibilityChanged;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.PictureTakenDown;
import live.millrace.platform.shared.DatabaseState;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Pictures of channels; of cameras the newest is kept, whoever it is for, since somebody looks at them when nothing runs. It is forgotten
 * when others may see the channel than could, and when staff takes pictures of it down.
 */
@Component
class KeptSnapshots implements Snapshots {
    private static final int LOOK_MILLIS = 10_000;

    /** The first is kept at once; those after it less often than they are taken: the newest of a broadcast is in memory while it runs. */
    private static final Duration KEPT_EVERY = Duration.ofSeconds(30);

    private final CameraRows rows;
    private final CameraSources sources;
    private final Engine engine;
    private final Channels channels;
    private final Broadcasting broadcasting;
    private final DatabaseState database;

    /** When what is kept of a channel that runs was taken. */
    private final Map<String, Instant> kept = new ConcurrentHashMap<>();

    KeptSnapshots(
            CameraRows rows,
            CameraSources sources,
            Engine engine,
            Channels channels,
            Broadcasting broadcasting,
            DatabaseState database) {
        this.rows = rows;
        this.sources = sources;
        this.engine = engine;
        this.channels = channels;
        this.broadcasting = broadcasting;
        this.database = database;
    }

    @Override
    public Optional<Broadcasting.Snapshot> newest(ChannelView channel) throws InterruptedException {
        Optional<Broadcasting.Snapshot> now = broadcasting.snapshot(channel);
        return now.isPresent() || channel.mature() || channel.hidden() ? now : rows.snapshot(channel.id());
    }

    /** At a fixed rate, because tasks with a fixed delay share one thread, and this one takes its time. */
    @Scheduled(fixedRate = LOOK_MILLIS, initialDelay = LOOK_MILLIS)
    void take() throws InterruptedException {
        if (database.away()) {
            return;
        }
        Set<String> running = ConcurrentHashMap.newKeySet();
        for (LiveView live : engine.live()) {
            if (live.state() == LiveState.LIVE && live.video() != null && sources.fetched(live.channel())) {
                running.add(live.channel());
                Optional<ChannelView> channel =
                        channels.find(live.channel()).filter(found -> !found.mature() && !found.hidden());
                if (channel.isPresent()) {
                    keep(channel.get(), live.broadcastId());
                }
            }
        }
        kept.keySet().retainAll(running);
    }

    private void keep(ChannelView channel, UUID broadcast) throws InterruptedException {
        Instant before = kept.get(channel.name());
        Optional<Broadcasting.Snapshot> now = broadcasting.snapshot(channel);
        if (now.isPresent()
                && (before == null || !now.get().at().isBefore(before.plus(KEPT_EVERY)))
                // Whom it was taken for may be fewer than may see the channel by now.
                && rows.keep(channel.id(), channel.visibility(), broadcast, now.get())) {
            kept.put(channel.name(), now.get().at());
        }
    }

    /** In the transaction that changes it. */
    @EventListener
    void on(ChannelVisibilityChanged event) {
        if (event.widened()) {
            rows.forgetSnapshot(event.channelId());
            kept.remove(event.name());
        }
    }

    @EventListener
    void on(PictureTakenDown event) {
        rows.forgetSnapshot(event.channelId());
    }
}
