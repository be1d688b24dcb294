// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import live.millrace.platform.account.AccountRestored;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.StreamingSuspended;
import live.millrace.platform.channel.ChannelRemoved;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.FetchChanged;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchView;
import live.millrace.platform.engine.FetchedFrom;
import live.millrace.platform.engine.FetchedStreams;
import live.millrace.platform.live.BroadcastLeft;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Has the engine fetch what the tables say, and nothing else. Looks at all of it whenever something changed, and every half minute: so a
 * database that comes late, a right that ends by itself and another process's change are no cases of their own. Thread-safe.
 */
@Component
class CameraSources {
    private static final Logger LOG = LoggerFactory.getLogger(CameraSources.class);

    private static final int LOOK_MILLIS = 30_000;
    private static final int NOTE_MILLIS = 2_000;

    /** What was put into the engine, told from what it was before. */
    private record Put(Instant changedAt, boolean privateNetworks) {}

    private final CameraRows rows;
    private final SiteCameraRights rights;
    private final FetchedStreams streams;
    private final Engine engine;
    private final SiteSettings settings;
    private final DatabaseState database;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<String, Put> fetched = new ConcurrentHashMap<>();

    /** States that are not written down yet, the newest of each channel. */
    private final Map<String, FetchView> heard = new ConcurrentHashMap<>();

    CameraSources(
            CameraRows rows,
            SiteCameraRights rights,
            FetchedStreams streams,
            Engine engine,
            SiteSettings settings,
            DatabaseState database) {
        this.rows = rows;
        this.rights = rights;
        this.streams = streams;
        this.engine = engine;
        this.settings = settings;
        this.database = database;
    }

    /** Whether there is any. */
    boolean any() {
        return !fetched.isEmpty();
    }

    /** Whether the engine fetches a channel's stream. */
    boolean fetched(String channel) {
        return fetched.containsKey(channel);
    }

    /** Whether the engine would fetch a channel's stream for whoever comes: it does not, and nobody sends one. */
    boolean rests(String channel) {
        return fetched(channel)
                && streams.status(channel)
                        .filter(view -> view.state() == FetchView.State.IDLE)
                        .isPresent()
                && engine.live(channel).isEmpty();
    }

    // ---- what changes -----------------------------------------------------------------------------------------

    /** A new engine knows nothing. */
    @EventListener
    void on(EngineStarted event) {
        looking.lock();
        try {
            fetched.clear();
        } finally {
            looking.unlock();
        }
        look();
    }

    @EventListener
    void on(DatabaseBack event) {
        look();
    }

    @TransactionalEventListener
    void on(CamerasChanged event) {
        look();
    }

    @TransactionalEventListener
    void on(ChannelRemoved event) {
        look();
    }

    /** Whose encoder did not come back. */
    @TransactionalEventListener
    void on(BroadcastLeft event) {
        look();
    }

    @TransactionalEventListener
    void on(AccountSuspended event) {
        look();
    }

    @TransactionalEventListener
    void on(AccountRestored event) {
        look();
    }

    @TransactionalEventListener
    void on(StreamingSuspended event) {
        look();
    }

    @TransactionalEventListener
    void on(RoleChanged event) {
        look();
    }

    @Scheduled(fixedDelay = LOOK_MILLIS)
    void look() {
        if (database.away()) {
            return;
        }
        looking.lock();
        try {
            boolean maintenance = settings.text(Setting.MAINTENANCE).equals("on");
            Set<String> wanted = new HashSet<>();
            for (CameraRows.Due due : rows.due()) {
                if (rights.cameras(due.role()) && due.secrets().isPresent() && mayRun(due, maintenance)) {
                    wanted.add(due.channel());
                    put(due);
                }
            }
            Set<String> over = new HashSet<>(fetched.keySet());
            over.addAll(streams.channels());
            over.removeAll(wanted);
            over.forEach(this::remove);
        } catch (DataAccessException | TransactionException failed) {
            if (!DatabaseState.causes(failed)) {
                throw failed;
            }
            LOG.debug("Cameras are looked at again when the database is back");
        } finally {
            looking.unlock();
        }
    }

    /** What runs goes on. Nothing begins in maintenance, nor takes the place of an encoder that has not come back to this process yet. */
    private boolean mayRun(CameraRows.Due due, boolean maintenance) {
        return maintenance
                ? streams.status(due.channel())
                        .filter(view -> view.state() == FetchView.State.RUNNING)
                        .isPresent()
                : !due.awaited() || fetched(due.channel());
    }

    private void put(CameraRows.Due due) {
        boolean privateNetworks = SiteCameraRights.privateNetworks(due.role(), due.given());
        Put put = new Put(due.changedAt(), privateNetworks);
        if (put.equals(fetched.get(due.channel()))) {
            return;
        }
        CameraRows.Secrets secrets = due.secrets().orElseThrow();
        try {
            streams.put(
                    due.channel(),
                    new FetchedFrom(
                            URI.create(secrets.uri()), due.user(), secrets.password(), due.udp(), privateNetworks),
                    due.always());
            fetched.put(due.channel(), put);
        } catch (IllegalArgumentException unspoken) {
            // Its address has secrets in it, and so has what is said of it.
            LOG.warn("The camera of {} has an address that the engine does not understand", due.channel());
        }
    }

    private void remove(String channel) {
        streams.remove(channel);
        fetched.remove(channel);
        heard.remove(channel);
    }

    // ---- what is heard ----------------------------------------------------------------------------------------

    /** On a thread of the engine: written down later. */
    @EventListener
    void on(FetchChanged event) {
        heard.put(event.channel(), event.view());
    }

    /** What went wrong last, and when media came last, for the processes after this one. */
    @Scheduled(fixedDelay = NOTE_MILLIS)
    void note() {
        if (database.away()) {
            return;
        }
        for (Map.Entry<String, FetchView> each : Map.copyOf(heard).entrySet()) {
            FetchView view = each.getValue();
            // While it is tried nobody knows.
            if (view.state() != FetchView.State.STARTING) {
                FetchFailure failure = view.failure();
                rows.note(each.getKey(), failure == null ? null : failure.name(), view.lastMedia());
            }
            heard.remove(each.getKey(), Objects.requireNonNull(view));
        }
    }
}
