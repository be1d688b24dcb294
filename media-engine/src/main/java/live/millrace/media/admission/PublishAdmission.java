// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import io.netty.util.concurrent.EventExecutor;
import java.util.function.LongSupplier;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.hub.StreamRegistry;

/**
 * Lets peers publish, whatever protocol they speak: asks whoever decides, then the hub, and tells whoever wants to know.
 *
 * <pre>
 * attempt → limits by address → authorizer → hub → session
 *                  └──────────────┴──────────┴───→ refused
 * </pre>
 *
 * <p>One for an engine. Thread-safe; no method blocks.
 */
public final class PublishAdmission {
    private final AdmissionConfig config;
    private final PublishAuthorizer authorizer;
    private final PublishObserver observer;
    private final StreamRegistry registry;
    private final LongSupplier nanoTime;
    private final AddressLimits limits;
    private final PeerLog log;
    private final PublishTallies tallies = PublishTallies.fresh();

    /** Nobody publishes yet. */
    public PublishAdmission(
            AdmissionConfig config, PublishAuthorizer authorizer, PublishObserver observer, StreamRegistry registry) {
        this(config, authorizer, observer, registry, System::nanoTime);
    }

    PublishAdmission(
            AdmissionConfig config,
            PublishAuthorizer authorizer,
            PublishObserver observer,
            StreamRegistry registry,
            LongSupplier nanoTime) {
        this.config = config;
        this.authorizer = authorizer;
        this.observer = observer;
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.limits = new AddressLimits(config.limits());
        this.log = new PeerLog(nanoTime);
    }

    /**
     * Asks whether a peer may publish. The question has an answer at once when the peer's address was refused too often, or it has
     * no key.
     *
     * @param peer hears of what happens later
     * @param executor one thread: that of the caller, of the answer, of every later call to the peer and of all calls to the question
     *     and its session. It owns the stream while the session publishes
     */
    public PublishQuestion request(PublishAttempt attempt, PublishPeer peer, EventExecutor executor) {
        PublishQuestion question = new PublishQuestion(this, attempt, peer, new Turns(executor, peer));
        question.ask();
        return question;
    }

    /** Of all ports for publishers together; a listener asks about each socket. */
    public AddressLimits limits() {
        return limits;
    }

    /** For what is to be said of peers that come from anywhere, over all protocols. */
    public PeerLog log() {
        return log;
    }

    /** What was counted since the start. */
    public PublishTallies tallies() {
        return tallies;
    }

    AdmissionConfig config() {
        return config;
    }

    PublishAuthorizer authorizer() {
        return authorizer;
    }

    PublishObserver observer() {
        return observer;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    StreamRegistry registry() {
        return registry;
    }
}
