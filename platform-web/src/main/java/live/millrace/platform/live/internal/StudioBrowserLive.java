// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.channel.BrowserKeys;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.BrowserLive;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gives browsers the key of their channel, one page at a time. */
@Component
class StudioBrowserLive implements BrowserLive {
    private final BrowserKeys keys;
    private final PublishRules rules;
    private final Broadcasting broadcasting;
    private final BroadcastStore broadcasts;
    private final ObjectProvider<Engine> engine;
    private final Clock clock;

    StudioBrowserLive(
            BrowserKeys keys,
            PublishRules rules,
            Broadcasting broadcasting,
            BroadcastStore broadcasts,
            ObjectProvider<Engine> engine,
            Clock clock) {
        this.keys = keys;
        this.rules = rules;
        this.broadcasting = broadcasting;
        this.broadcasts = broadcasts;
        this.engine = engine;
        this.clock = clock;
    }

    private static boolean publishes(LiveView live, Optional<BrowserKeys.Held> held) {
        Long by = live.keyId();
        return by != null && held.filter(has -> has.key().id() == by).isPresent();
    }

    @Override
    public Start start(ChannelView channel, String remote, Optional<UUID> run, Why why) {
        Optional<BrowserKeys.Held> held = keys.held(channel.id());
        Optional<Refusal> against = rules.against(
                channel, remote, held.map(has -> has.key().blockedUntil()).orElse(null));
        if (against.isPresent()) {
            return new Start.Refused(against.get());
        }
        Optional<LiveView> live = engine.getObject().live(channel.name());
        boolean ours = live.filter(view -> publishes(view, held)).isPresent();
        if (!ours && live.filter(view -> view.encoder() != null).isPresent()) {
            return new Start.Refused(Refusal.CHANNEL_BUSY);
        }
        Optional<UUID> newest = held.map(BrowserKeys.Held::newest);
        boolean same =
                run.isPresent() && held.filter(has -> has.knows(run.get())).isPresent();
        boolean another = !same && (ours || why == Why.COME_BACK);
        if (another && why != Why.TAKE_OVER) {
            return new Start.Elsewhere();
        }
        if (why == Why.COME_BACK && live.isEmpty() && !broadcasts.waits(channel.id(), clock.instant())) {
            return new Start.Over();
        }
        UUID its = run.filter(_ -> same && why != Why.RELOADED).orElseGet(UUID::randomUUID);
        return keys.give(channel.id(), its, newest)
                .<Start>map(secret -> new Start.May(secret, its))
                .orElseGet(Start.Elsewhere::new);
    }

    @Override
    public boolean end(ChannelView channel, UUID run) {
        Optional<BrowserKeys.Held> held =
                keys.held(channel.id()).filter(has -> has.onAir().equals(Optional.of(run)));
        // One that waits for its publisher is told from one that is fetched, or sent by others.
        boolean its = engine.getObject()
                .live(channel.name())
                .filter(view -> view.encoder() == null || publishes(view, held))
                .isPresent();
        return held.isPresent() && its && broadcasting.end(channel.name());
    }
}
