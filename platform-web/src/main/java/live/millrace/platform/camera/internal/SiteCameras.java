// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.camera.CameraState;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.camera.internal.CameraAddress.BadAddressException;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.engine.FetchedFrom;
import live.millrace.platform.engine.FetchedStreams;
import live.millrace.platform.ffmpeg.Ffmpeg;
import live.millrace.platform.live.Broadcasting;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class SiteCameras implements Cameras {
    /** A picture or the reason, within this: people wait. */
    static final Duration TRIAL = Duration.ofSeconds(5);

    /** Trials of everybody at a time. */
    private static final int AT_ONCE = 4;

    /** Beside as many as are asked for: they are skipped. */
    private static final int MOST_RUNNING = 40;

    private final CameraRows rows;
    private final CameraRights rights;
    private final TrialQuota quota;
    private final CameraSources sources;
    private final FetchedStreams streams;
    private final Channels channels;
    private final Ffmpeg ffmpeg;
    private final CameraDrafts drafts;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Semaphore trying = new Semaphore(AT_ONCE);

    SiteCameras(
            CameraRows rows,
            CameraRights rights,
            TrialQuota quota,
            CameraSources sources,
            FetchedStreams streams,
            Channels channels,
            Ffmpeg ffmpeg,
            CameraDrafts drafts,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.rights = rights;
        this.quota = quota;
        this.sources = sources;
        this.streams = streams;
        this.channels = channels;
        this.ffmpeg = ffmpeg;
        this.drafts = drafts;
        this.events = events;
        this.clock = clock;
    }

    // ---- looking ----------------------------------------------------------------------------------------------

    @Override
    public Optional<CameraView> of(long channelId) {
        return rows.find(channelId).map(this::view);
    }

    @Override
    public Map<Long, CameraView> of(List<Long> channelIds) {
        return rows.find(channelIds).stream()
                .map(this::view)
                .collect(Collectors.toMap(CameraView::channelId, Function.identity()));
    }

    @Override
    public boolean ready(String channel) {
        return sources.fetched(channel);
    }

    @Override
    public List<Resting> resting(int most) {
        if (!sources.any()) {
            return List.of();
        }
        // Those that are on are among them.
        Map<Long, Optional<Instant>> listed = rows.listed(most + MOST_RUNNING);
        return channels.findAll(List.copyOf(listed.keySet())).stream()
                .filter(channel -> channel.listed() && sources.rests(channel.name()))
                .limit(most)
                .map(channel -> new Resting(
                        channel,
                        channel.mature()
                                ? null
                                : listed.getOrDefault(channel.id(), Optional.empty())
                                        .orElse(null)))
                .toList();
    }

    private CameraView view(CameraRows.Row row) {
        Optional<FetchView> now = streams.status(row.channel());
        FetchFailure before = row.failure();
        Instant media = now.map(FetchView::lastMedia).orElse(null);
        CameraState state = state(row, now, before);
        return new CameraView(
                row.channelId(),
                row.address(),
                row.user(),
                row.password(),
                row.always(),
                row.udp(),
                state,
                state == CameraState.RUNNING
                        ? null
                        : now.map(FetchView::failure).orElse(before),
                state == CameraState.RUNNING ? clock.instant() : media == null ? row.lastSeen() : media,
                row.snapshotAt());
    }

    private CameraState state(CameraRows.Row row, Optional<FetchView> now, @Nullable FetchFailure before) {
        if (now.isEmpty() || !sources.fetched(row.channel())) {
            return CameraState.OFF;
        }
        return switch (now.get().state()) {
            // An attempt that failed before anybody gave up, in this process or one before.
            case IDLE -> now.get().failure() == null && before == null ? CameraState.READY : CameraState.FAILED;
            case STARTING -> CameraState.STARTING;
            case RUNNING -> CameraState.RUNNING;
            case WAITING -> CameraState.RETRYING;
            case STOPPED -> CameraState.FAILED;
        };
    }

    // ---- changing ---------------------------------------------------------------------------------------------

    @Override
    @Transactional
    public Optional<String> put(long accountId, long channelId, CameraWish wish) {
        if (!rights.of(accountId).cameras()) {
            return Optional.of("camera.not.allowed");
        }
        try {
            CameraAddress address = filled(channelId, wish);
            Optional<CameraRows.Row> before = rows.find(channelId);
            boolean fresh = before.filter(
                            row -> kept(row).filter(address::equals).isPresent())
                    .isEmpty();
            // Whoever saves many looks for what there is in a network, or for a password, as by trying them.
            if (fresh && !quota.take(accountId)) {
                return Optional.of("camera.try.often");
            }
            rows.put(
                    new CameraRows.Row(
                            channelId,
                            "",
                            address.shown(),
                            address.user(),
                            !address.password().isEmpty(),
                            wish.always(),
                            wish.udp(),
                            null,
                            null,
                            null),
                    new CameraRows.Secrets(address.uri().toString(), address.password()),
                    fresh,
                    clock.instant());
            events.publishEvent(new CamerasChanged(
                    fresh ? before.map(CameraRows.Row::channel).orElse(null) : null));
            return Optional.empty();
        } catch (BadAddressException bad) {
            return Optional.of(bad.messageKey());
        }
    }

    @Override
    public void keepPicture(long channelId, byte[] jpeg) {
        rows.keep(channelId, new Broadcasting.Snapshot(jpeg, clock.instant()));
    }

    /** What was typed, with what is kept: of the address where it is the one that is shown, and the password where the user is the same too. */
    private CameraAddress filled(long channelId, CameraWish wish) throws BadAddressException {
        Optional<CameraRows.Row> same = rows.find(channelId)
                .filter(row -> row.address().equals(wish.address().strip()));
        Optional<CameraRows.Secrets> kept = same.flatMap(_ -> rows.secrets(channelId));
        if (kept.isEmpty()) {
            return CameraAddress.of(wish);
        }
        CameraAddress typed = CameraAddress.of(with(wish, kept.get().uri()));
        boolean password = typed.password().isEmpty() && same.get().user().equals(typed.user());
        return password
                ? new CameraAddress(typed.uri(), typed.user(), kept.get().password())
                : typed;
    }

    private static CameraWish with(CameraWish wish, String address) {
        return new CameraWish(address, wish.user(), wish.password(), wish.always(), wish.udp());
    }

    /** What is asked for now, and by whom; empty where the site's key does not open it. */
    private Optional<CameraAddress> kept(CameraRows.Row row) {
        return rows.secrets(row.channelId())
                .map(secrets -> new CameraAddress(URI.create(secrets.uri()), row.user(), secrets.password()));
    }

    @Override
    @Transactional
    public boolean remove(long channelId) {
        boolean there = rows.remove(channelId);
        if (there) {
            events.publishEvent(new CamerasChanged(null));
        }
        return there;
    }

    // ---- trying -----------------------------------------------------------------------------------------------

    /** Reads an address. */
    private interface Reading {
        CameraAddress read() throws BadAddressException;
    }

    @Override
    public Tried attempt(long accountId, CameraWish wish) throws InterruptedException {
        return attempt(accountId, wish.udp(), () -> CameraAddress.of(wish));
    }

    @Override
    public Tried attempt(long accountId, long channelId, CameraWish wish) throws InterruptedException {
        Tried tried = attempt(accountId, wish.udp(), () -> filled(channelId, wish));
        if (tried.good()) {
            mended(channelId, wish);
        }
        return tried;
    }

    /** What is kept was tried, and works: it is asked again, however it failed before. */
    private void mended(long channelId, CameraWish wish) {
        try {
            CameraAddress tried = filled(channelId, wish);
            Optional<CameraRows.Row> row = rows.find(channelId)
                    .filter(one -> kept(one).filter(tried::equals).isPresent());
            if (row.isPresent() && view(row.get()).failure() != null) {
                rows.mend(channelId, clock.instant());
                sources.askAgain(row.get().channel());
            }
        } catch (BadAddressException bad) {
            throw new IllegalStateException("it was tried a moment ago", bad);
        }
    }

    private Tried attempt(long accountId, boolean udp, Reading wanted) throws InterruptedException {
        CameraRights.May may = rights.of(accountId);
        if (!may.cameras()) {
            return new Tried("camera.not.allowed", null, null);
        }
        CameraAddress address;
        try {
            address = wanted.read();
        } catch (BadAddressException bad) {
            return new Tried(bad.messageKey(), null, null);
        }
        if (!quota.take(accountId)) {
            return new Tried("camera.try.often", null, null);
        }
        if (!trying.tryAcquire()) {
            return new Tried("camera.try.busy", null, null);
        }
        try {
            FetchTrial trial = streams.probe(
                    new FetchedFrom(address.uri(), address.user(), address.password(), udp, may.privateNetworks()),
                    TRIAL);
            byte[] keyFrame = trial.picture();
            return new Tried(
                    null,
                    trial,
                    keyFrame == null || !ffmpeg.available()
                            ? null
                            : ffmpeg.picture(keyFrame).orElse(null));
        } finally {
            trying.release();
        }
    }

    @Override
    public String shown(CameraWish wish) {
        try {
            return CameraAddress.of(wish).shown();
        } catch (BadAddressException bad) {
            return "";
        }
    }

    @Override
    public String seal(long accountId, CameraWish wish) {
        return drafts.seal(accountId, wish);
    }

    @Override
    public Optional<CameraWish> unseal(long accountId, String sealed) {
        return drafts.open(accountId, sealed);
    }
}
