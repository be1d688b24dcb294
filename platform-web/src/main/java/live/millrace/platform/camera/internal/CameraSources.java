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
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
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

    /** Tells open pages whether their camera plays when somebody asks for it. */
    record Told(String type, boolean on) {
        Told(boolean on) {
            this("camera", on);
        }
    }

    private static final String PAGES = "channel:";

    /** What was put into the engine, told from what it was before. */
    private record Put(Instant changedAt, boolean privateNetworks) {}

    private final CameraRows rows;
    private final SiteCameraRights rights;
    private final FetchedStreams streams;
    private final Engine engine;
    private final SiteSettings settings;
    private final DatabaseState database;
    private final PageSockets sockets;
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
            DatabaseState database,
            PageSockets sockets) {
        this.rows = rows;
        this.rights = rights;
        this.streams = streams;
        this.engine = engine;
        this.settings = settings;
        this.database = database;
        this.sockets = sockets;
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
        look(event.fresh());
    }

    /** Has a channel's camera asked, however it failed before. */
    void askAgain(String channel) {
        look(channel);
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
        look(null);
    }

    /** @param fresh a channel whose camera is asked anew, however it failed before; null for none */
    private void look(@Nullable String fresh) {
        if (database.away()) {
            return;
        }
        looking.lock();
        try {
            // What is put follows from how it failed; what is heard of the one before it is of no use.
            if (fresh != null) {
                heard.remove(fresh);
            }
            write();
            boolean maintenance = settings.text(Setting.MAINTENANCE).equals("on");
            Set<String> wanted = new HashSet<>();
            for (CameraRows.Due due : rows.due()) {
                if (rights.cameras(due.role()) && due.secrets().isPresent() && mayRun(due, maintenance)) {
                    wanted.add(due.channel());
                    put(due, due.channel().equals(fresh));
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
        return maintenance ? running(due.channel()) : !due.awaited() || fetched(due.channel());
    }

    private void put(CameraRows.Due due, boolean fresh) {
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
                    due.always(),
                    fresh || running(due.channel()) ? null : stopped(due.failure()));
            if (fetched.put(due.channel(), put) == null) {
                tell(due.channel(), true);
            }
        } catch (IllegalArgumentException unspoken) {
            // Its address has secrets in it, and so has what is said of it.
            LOG.warn("The camera of {} has an address that the engine does not understand", due.channel());
        }
    }

    /** Two wrong log-ins more with each start of this process, and each box that is ticked: cameras lock their owners out. */
    private static @Nullable FetchFailure stopped(@Nullable FetchFailure before) {
        return before == FetchFailure.WRONG_LOGIN ? before : null;
    }

    private boolean running(String channel) {
        return streams.status(channel)
                .filter(view -> view.state() == FetchView.State.RUNNING)
                .isPresent();
    }

    private void remove(String channel) {
        // Before its stream ends: a page that hears of that first waits for the next.
        if (fetched.remove(channel) != null) {
            tell(channel, false);
        }
        streams.remove(channel);
        heard.remove(channel);
    }

    private void tell(String channel, boolean on) {
        if (sockets.anybody(PAGES + channel)) {
            sockets.publish(PAGES + channel, new Told(on));
        }
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
        looking.lock();
        try {
            write();
        } finally {
            looking.unlock();
        }
    }

    private void write() {
        for (Map.Entry<String, FetchView> each : Map.copyOf(heard).entrySet()) {
            FetchView view = each.getValue();
            // While it is tried nobody knows.
            if (view.state() != FetchView.State.STARTING) {
                rows.note(each.getKey(), view.failure(), view.lastMedia());
            }
            heard.remove(each.getKey(), Objects.requireNonNull(view));
        }
    }
}
