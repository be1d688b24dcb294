// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.util.Objects;
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
    private final ObjectProvider<Engine> engine;

    StudioBrowserLive(BrowserKeys keys, PublishRules rules, Broadcasting broadcasting, ObjectProvider<Engine> engine) {
        this.keys = keys;
        this.rules = rules;
        this.broadcasting = broadcasting;
        this.engine = engine;
    }

    /** The key that publishes to a channel; empty while none does. */
    private Optional<Long> publishing(ChannelView channel) {
        return engine.getObject().live(channel.name()).map(LiveView::keyId);
    }

    @Override
    public Start start(ChannelView channel, String remote, Wish wish) {
        Optional<UUID> run = wish.run();
        Optional<BrowserKeys.Held> held = keys.held(channel.id());
        Optional<Refusal> against = rules.against(
                channel, remote, held.map(has -> has.key().blockedUntil()).orElse(null));
        if (against.isPresent()) {
            return new Start.Refused(against.get());
        }
        Optional<Long> publishing = publishing(channel);
        Optional<Long> ours = held.map(has -> has.key().id());
        if (publishing.isPresent() && !publishing.equals(ours)) {
            return new Start.Refused(Refusal.CHANNEL_BUSY);
        }
        boolean same = run.isPresent() && held.map(BrowserKeys.Held::run).equals(run);
        // One that comes back by itself gives way to whoever was there since; one where somebody pressed a button goes
        // on with what nobody has.
        boolean byItself = run.isPresent() && !wish.reloaded();
        boolean another = !same && (publishing.isPresent() || byItself);
        if (another && !wish.takeOver()) {
            return new Start.Elsewhere();
        }
        UUID its = run.filter(_ -> !another && !wish.reloaded()).orElseGet(UUID::randomUUID);
        return new Start.May(keys.give(channel.id(), its), its);
    }

    @Override
    public boolean end(ChannelView channel, UUID run) {
        Optional<BrowserKeys.Held> held = keys.held(channel.id());
        return held.filter(has -> has.run().equals(run)).isPresent()
                && publishing(channel)
                        .map(key -> Objects.equals(key, held.get().key().id()))
                        .orElse(true)
                && broadcasting.end(channel.name());
    }
}
